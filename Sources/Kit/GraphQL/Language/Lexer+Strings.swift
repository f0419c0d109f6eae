extension Lexer {
    /// Reads the string whose quotation mark stands at the position (section 2.9.4).
    mutating func string() throws(GraphQLError) -> Token {
        let start = position
        var value: [UInt8] = []
        var index = start + 1
        var run = index
        while index < source.count {
            switch source[index] {
            case UInt8(ascii: "\""):
                value += source[run..<index]
                move(to: index + 1)
                return Token(.string, start, index + 1, value: String(decoding: value, as: UTF8.self))
            case UInt8(ascii: "\\"):
                value += source[run..<index]
                index = try escape(at: index, to: &value)
                run = index
            case 0x0A, 0x0D: throw error("Unterminated string.", at: index)
            default: index += 1
            }
        }
        throw error("Unterminated string.", at: index)
    }

    /// Reads a block string (section 2.9.4): lines without their common indentation.
    mutating func blockString() throws(GraphQLError) -> Token {
        let start = position
        var value: [UInt8] = []
        var index = start + 3
        var run = index
        while index < source.count {
            if source[index] == UInt8(ascii: "\""), isTripleQuote(at: index) {
                value += source[run..<index]
                move(to: index + 3)
                return Token(.blockString, start, index + 3, value: BlockString.value(of: value))
            }
            if source[index] == UInt8(ascii: "\\"), isTripleQuote(at: index + 1) {
                value += source[run..<index]
                run = index + 1
                index += 4
            } else {
                index += 1
            }
        }
        throw error("Unterminated string.", at: index)
    }

    private func isTripleQuote(at index: Int) -> Bool {
        index + 2 < source.count && source[index] == UInt8(ascii: "\"") && source[index + 1] == UInt8(ascii: "\"")
            && source[index + 2] == UInt8(ascii: "\"")
    }

    /// Appends what an escape means and gives the place behind it.
    private func escape(at offset: Int, to value: inout [UInt8]) throws(GraphQLError) -> Int {
        guard offset + 1 < source.count else {
            throw error("Invalid character escape sequence: '\\'.", at: offset)
        }
        switch source[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): value.append(source[offset + 1])
        case UInt8(ascii: "b"): value.append(0x08)
        case UInt8(ascii: "f"): value.append(0x0C)
        case UInt8(ascii: "n"): value.append(0x0A)
        case UInt8(ascii: "r"): value.append(0x0D)
        case UInt8(ascii: "t"): value.append(0x09)
        case UInt8(ascii: "u"):
            if offset + 2 < source.count, source[offset + 2] == UInt8(ascii: "{") {
                return try variableWidthEscape(at: offset, to: &value)
            }
            return try fixedWidthEscape(at: offset, to: &value)
        default:
            throw error("Invalid character escape sequence: '\(excerpt(offset, characters: 2))'.", at: offset)
        }
        return offset + 2
    }

    /// `\u{1F600}`: any scalar value.
    private func variableWidthEscape(at offset: Int, to value: inout [UInt8]) throws(GraphQLError) -> Int {
        var point: UInt32 = 0
        var index = offset + 3
        // More digits than eight cannot be needed; leading zeros count too.
        while index < source.count, index < offset + 12 {
            if source[index] == UInt8(ascii: "}") {
                guard index > offset + 3, let scalar = UnicodeScalar(point) else { break }
                value += String(Character(scalar)).utf8
                return index + 1
            }
            guard let digit = hexDigit(at: index) else { break }
            point = point << 4 | digit
            index += 1
        }
        let count = min(index - offset + 1, source.count - offset)
        throw error("Invalid Unicode escape sequence: '\(excerpt(offset, characters: count))'.", at: offset)
    }

    /// `\u00E9`, or two of them that are a surrogate pair.
    private func fixedWidthEscape(at offset: Int, to value: inout [UInt8]) throws(GraphQLError) -> Int {
        if let first = codeUnit(at: offset + 2) {
            if let scalar = UnicodeScalar(first) {
                value += String(Character(scalar)).utf8
                return offset + 6
            }
            if (0xD800...0xDBFF).contains(first), offset + 7 < source.count,
                source[offset + 6] == UInt8(ascii: "\\"), source[offset + 7] == UInt8(ascii: "u"),
                let second = codeUnit(at: offset + 8), (0xDC00...0xDFFF).contains(second),
                let scalar = UnicodeScalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                value += String(Character(scalar)).utf8
                return offset + 12
            }
        }
        throw error("Invalid Unicode escape sequence: '\(excerpt(offset, characters: 6))'.", at: offset)
    }

    private func codeUnit(at offset: Int) -> UInt32? {
        var unit: UInt32 = 0
        for index in offset..<(offset + 4) {
            guard let digit = hexDigit(at: index) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    private func hexDigit(at index: Int) -> UInt32? {
        guard index < source.count else { return nil }
        let byte = source[index]
        if Self.isDigit(byte) { return UInt32(byte - UInt8(ascii: "0")) }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? UInt32(letter) + 10 : nil
    }

    private func excerpt(_ offset: Int, characters: Int) -> String {
        let text = String(decoding: source[offset..<min(offset + characters * 4, source.count)], as: UTF8.self)
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(characters)))
    }
}
