internal import Base64

/// Texts in header fields.
enum HeaderText {
    /// A text as it stands, without what would end the line.
    static func line(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }

    /// Any text, as itself where it is short, plain ASCII, and else as encoded words (RFC 2047).
    ///
    /// A phrase is what stands before an address, where most signs mean something. Controls become spaces: a decoder that
    /// put them back could be led to think that another field begins.
    static func encoded(_ text: String, isPhrase: Bool = false) -> String {
        let scalars = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        let isPlain = scalars.allSatisfy { scalar in
            guard (0x20..<0x7F).contains(scalar.value) else { return false }
            return !isPhrase || scalar == " " || isLetterOrDigit(scalar)
        }
        // "=?" begins an encoded word.
        if isPlain, scalars.count <= 60, !text.contains("=?") {
            return String(String.UnicodeScalarView(scalars))
        }
        return words(scalars).joined(separator: "\r\n ")
    }

    /// No word has more than 75 characters, and each holds whole scalars (RFC 2047, section 2 and 5).
    private static func words(_ scalars: [Unicode.Scalar]) -> [String] {
        var words: [String] = []
        var chunk: [UInt8] = []
        for scalar in scalars {
            let bytes = Array(String(scalar).utf8)
            if chunk.count + bytes.count > 45 {
                words.append(word(chunk))
                chunk = []
            }
            chunk += bytes
        }
        return words + [word(chunk)]
    }

    private static func word(_ bytes: [UInt8]) -> String { "=?utf-8?B?\(Base64.encode(bytes))?=" }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }
}
