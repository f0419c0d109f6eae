extension String {
    /// The text as it may be shown on a terminal: what would drive it, or turn the order of what stands beside, is
    /// written as `\u{1B}`.
    ///
    /// These are the control characters (C0, DEL, C1), the separators of lines and paragraphs, the marks of direction
    /// (Unicode Standard Annex #9; "Trojan Source", CVE-2021-42574) and all other invisible characters but the two
    /// joiners, which scripts and emoji need; also what Unicode has not assigned, which a terminal may draw in any way.
    public var neutralised: String {
        guard unicodeScalars.contains(where: \.mustBeNeutralised) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.mustBeNeutralised {
                text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    /// A JSON text with the same value that may be shown on a terminal: the same characters are escaped as `\u001B`.
    ///
    /// Those that JSON leaves as they are stand in strings only, where either way of writing means the same. Line feeds
    /// and other space between its parts stay.
    public var neutralisedJSON: String {
        guard unicodeScalars.contains(where: \.mustBeEscapedInJSON) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            guard scalar.mustBeEscapedInJSON else { return text.unicodeScalars.append(scalar) }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16, uppercase: true)
                text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }
        }
    }
}

extension Unicode.Scalar {
    /// C0 is escaped in each JSON text, but for the space between its parts.
    fileprivate var mustBeEscapedInJSON: Bool { value >= 0x20 && mustBeNeutralised }

    fileprivate var mustBeNeutralised: Bool {
        if isASCII { return value < 0x20 || value == 0x7F }
        // The joiners: U+200C and U+200D.
        if value == 0x200C || value == 0x200D { return false }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: true
        default: false
        }
    }
}
