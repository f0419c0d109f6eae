/// Cuts a source into tokens, one at a time (section 2.1).
///
/// The source must be valid UTF-8, which ``Document`` has made sure of: so a byte below 0x80 is always a character.
struct Lexer {
    let source: [UInt8]
    private(set) var position = 0

    init(_ source: [UInt8]) {
        self.source = source
    }

    /// Gives the next token, and ``Token/Kind/end`` from the end on.
    mutating func next() throws(GraphQLError) -> Token {
        position = endOfIgnored()
        guard position < source.count else { return Token(.end, source.count, source.count) }
        let start = position
        let first = source[start]
        if let kind = Self.punctuator(first) {
            position += 1
            return Token(kind, start, position)
        }
        if Self.isNameStart(first) {
            repeat { position += 1 } while position < source.count && Self.isNameContinue(source[position])
            return Token(.name, start, position)
        }
        if Self.isDigit(first) || first == UInt8(ascii: "-") { return try number() }
        if first == UInt8(ascii: "\"") {
            return byte(ahead: 1) == first && byte(ahead: 2) == first ? try blockString() : try string()
        }
        if first == UInt8(ascii: ".") { return try spread() }
        throw unexpectedCharacter()
    }

    /// White space, line ends, commas, comments and byte order marks (sections 2.1.1 to 2.1.7).
    private func endOfIgnored() -> Int {
        var index = position
        let bytes = source.span
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","): index += 1
            case UInt8(ascii: "#"):
                repeat { index += 1 } while index < bytes.count && bytes[index] != 0x0A && bytes[index] != 0x0D
            case 0xEF where index + 2 < bytes.count && bytes[index + 1] == 0xBB && bytes[index + 2] == 0xBF:
                index += 3
            default: return index
            }
        }
        return index
    }

    private mutating func spread() throws(GraphQLError) -> Token {
        let start = position
        if byte(ahead: 1) == UInt8(ascii: ".") {
            guard byte(ahead: 2) == UInt8(ascii: ".") else {
                throw error("Unexpected '..', did you mean '...'?", at: start)
            }
            position += 3
            return Token(.spread, start, position)
        }
        guard let digit = byte(ahead: 1), Self.isDigit(digit) else { throw unexpectedCharacter() }
        let digits = source[(start + 1)...].prefix(32).prefix(while: Self.isDigit)
        let text = String(decoding: digits, as: UTF8.self)
        throw error("Invalid number, expected digit before '.', did you mean '0.\(text)'?", at: start)
    }

    private func unexpectedCharacter() -> GraphQLError {
        if source[position] == UInt8(ascii: "'") {
            return error(
                "Unexpected single quote character ('), did you mean to use a double quote (\")?",
                at: position
            )
        }
        return error("Unexpected character: \(character(at: position)).", at: position)
    }

    /// The byte that lies so many places behind the position.
    func byte(ahead distance: Int) -> UInt8? {
        position + distance < source.count ? source[position + distance] : nil
    }

    mutating func move(to position: Int) {
        self.position = position
    }

    func error(_ message: String, at offset: Int) -> GraphQLError {
        GraphQLError("Syntax Error: " + message, at: [offset], in: source)
    }

    /// A character as error messages show it: printable ASCII in quotation marks, all else by its number.
    func character(at offset: Int) -> String {
        guard offset < source.count else { return "<EOF>" }
        let byte = source[offset]
        if byte == UInt8(ascii: "\"") { return "'\"'" }
        if (0x20...0x7E).contains(byte) { return "'\(Character(UnicodeScalar(byte)))'" }
        let scalar = String(decoding: source[offset..<min(offset + 4, source.count)], as: UTF8.self).unicodeScalars
            .first
        let hexadecimal = String(scalar?.value ?? 0, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - hexadecimal.count)) + hexadecimal
    }
}

// MARK: - Classes of bytes

extension Lexer {
    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") <= 9
    }

    static func isNameStart(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
    }

    static func isNameContinue(_ byte: UInt8) -> Bool {
        isNameStart(byte) || isDigit(byte)
    }

    private static func punctuator(_ byte: UInt8) -> Token.Kind? {
        switch byte {
        case UInt8(ascii: "!"): .bang
        case UInt8(ascii: "$"): .dollar
        case UInt8(ascii: "&"): .ampersand
        case UInt8(ascii: "("): .openParenthesis
        case UInt8(ascii: ")"): .closeParenthesis
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "="): .equals
        case UInt8(ascii: "@"): .at
        case UInt8(ascii: "["): .openBracket
        case UInt8(ascii: "]"): .closeBracket
        case UInt8(ascii: "{"): .openBrace
        case UInt8(ascii: "|"): .pipe
        case UInt8(ascii: "}"): .closeBrace
        default: nil
        }
    }
}
