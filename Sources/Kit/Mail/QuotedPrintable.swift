/// Text in lines of at most 76 ASCII characters, of which most are themselves (RFC 2045, section 6.7).
enum QuotedPrintable {
    /// Encodes a text; line feeds become CR LF.
    static func encoded(_ text: String) -> String {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { line($0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0) }
            .joined(separator: "\r\n")
    }

    private static func line(_ bytes: Substring.UTF8View.SubSequence) -> String {
        var text = ""
        var width = 0
        for (place, byte) in zip(bytes.indices, bytes) {
            let isLast = bytes.index(after: place) == bytes.endIndex
            let token = isPlain(byte, isLast: isLast) ? String(UnicodeScalar(byte)) : escape(byte)
            // Room is left for the "=" of a line that goes on.
            if width + token.utf8.count > 75 {
                text += "=\r\n"
                width = 0
            }
            text += token
            width += token.utf8.count
        }
        return text
    }

    /// A blank at the end of a line may be lost on the way.
    private static func isPlain(_ byte: UInt8, isLast: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "="): false
        case 0x21...0x7E: true
        case UInt8(ascii: " "), UInt8(ascii: "\t"): !isLast
        default: false
        }
    }

    private static func escape(_ byte: UInt8) -> String {
        "=\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
    }
}
