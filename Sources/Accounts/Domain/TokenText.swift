/// The text of a token: a prefix that tells its kind, and 43 characters of base64url without padding (RFC 4648,
/// section 5) that hold 256 random bits.
///
/// The prefix lets scanners recognise a leaked token.
enum TokenText {
    /// Makes a new text.
    static func make(prefix: String, from random: any RandomSource) -> String {
        make(prefix: prefix, words: (0..<4).map { _ in random.next() })
    }

    /// Makes the text that holds four words.
    static func make(prefix: String, words: [UInt64]) -> String {
        var words = words.makeIterator()
        var bytes = Array(prefix.utf8)
        bytes.reserveCapacity(bytes.count + digits)
        // 256 bits are 42 digits of six bits and one of four with two zero bits behind.
        var word: UInt64 = 0
        var left = 0
        for digit in 0..<digits {
            var sextet = 0
            for position in digit * 6..<digit * 6 + 6 {
                if left == 0 {
                    word = position < 256 ? words.next() ?? 0 : 0
                    left = 64
                }
                sextet = sextet << 1 | Int(word >> 63)
                word <<= 1
                left -= 1
            }
            bytes.append(alphabet[sextet])
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a text could have been made: no padding, no spaces, and the two bits that the last character has to spare
    /// are zero.
    static func isWellFormed(_ text: String, prefix: String) -> Bool {
        guard text.utf8.starts(with: prefix.utf8) else { return false }
        var last: UInt8 = 0
        var count = 0
        for byte in text.utf8.dropFirst(prefix.utf8.count) {
            guard count < digits, let sextet = value(ofDigit: byte) else { return false }
            last = sextet
            count += 1
        }
        return count == digits && last & 0b11 == 0
    }

    private static let digits = 43

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func value(ofDigit byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
