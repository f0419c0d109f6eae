/// The secret that proves a session: 256 random bits.
///
/// Its text is `gh_s_` and 43 characters of base64url without padding
/// (RFC 4648, section 5). The prefix lets scanners recognise a leaked one.
/// It is shown once, at sign-in; stored is only its digest.
package struct SessionToken: Secret, Hashable, Sendable {
    /// What the text of every session's token begins with.
    package static let prefix = "gh_s_"

    /// The text to give to the client, and to digest.
    package let text: String

    /// Makes a new token.
    package init(from random: any RandomSource) {
        var bytes = Array(Self.prefix.utf8)
        bytes.reserveCapacity(Self.prefix.utf8.count + Self.digits)
        // 256 bits are 42 digits of six bits and one of four with two zero bits behind.
        var word: UInt64 = 0
        var left = 0
        for digit in 0..<Self.digits {
            var sextet = 0
            for position in digit * 6..<digit * 6 + 6 {
                if left == 0 {
                    word = position < 256 ? random.next() : 0
                    left = 64
                }
                sextet = sextet << 1 | Int(word >> 63)
                word <<= 1
                left -= 1
            }
            bytes.append(Self.alphabet[sextet])
        }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// Reads the text form, or gives nil.
    ///
    /// Exactly a text that could have been given out: no padding, no spaces,
    /// and the two bits that the last character has to spare are zero.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.starts(with: Self.prefix.utf8) else { return nil }
        var last: UInt8 = 0
        var count = 0
        for byte in text.utf8.dropFirst(Self.prefix.utf8.count) {
            guard count < Self.digits, let sextet = Self.value(ofDigit: byte) else { return nil }
            last = sextet
            count += 1
        }
        guard count == Self.digits, last & 0b11 == 0 else { return nil }
        self.text = String(text)
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
