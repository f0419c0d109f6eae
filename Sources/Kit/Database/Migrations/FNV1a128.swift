/// The 128-bit FNV-1a hash (RFC 9923).
///
/// It tells whether a text was edited. It is no protection against somebody who
/// wants it not to notice, and need not be: who can write to the database can
/// write any checksum. In return it is ten lines that never change, where a
/// cryptographic hash would tie every migrating program to a library.
struct FNV1a128 {
    private(set) var value: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

    mutating func update(_ byte: UInt8) {
        value = (value ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b
    }

    /// Adds a text and its end, so that "ab", "c" and "a", "bc" differ.
    ///
    /// 0xFF does not occur in UTF-8.
    mutating func update(_ text: String) {
        for byte in text.utf8 { update(byte) }
        update(0xFF)
    }

    /// Adds a list of texts and its end.
    mutating func update(_ texts: [String]) {
        for text in texts { update(text) }
        update(0xFF)
    }

    var hexadecimal: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 32 - digits.utf8.count) + digits
    }
}
