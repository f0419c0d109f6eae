/// Texts as YAML writes them.
enum YAMLText {
    /// The text as it stands in a file: plain where that is safe, else in double quotation marks.
    static func write(_ text: String) -> String {
        isPlain(text) ? text : quoted(text)
    }

    /// The text as a message shows it: in double quotation marks, in one line, cut after 64 characters.
    static func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars
        return scalars.count > 64 ? quoted(String(String.UnicodeScalarView(scalars.prefix(64))) + "...") : quoted(text)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where !isAllowed(scalar) || ["\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar):
                result += "\\U" + hexadecimal(scalar, digits: 8)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Whether a character may stand in a YAML file (YAML 1.1, section 4.1, as libyaml reads it).
    static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
            true
        default: false
        }
    }

    static func hexadecimal(_ scalar: Unicode.Scalar, digits: Int = 4) -> String {
        let text = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// Letters, digits and few signs: no text of these can mean anything else to YAML, but for the words for null.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), !["null", "Null", "NULL"].contains(text) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}
