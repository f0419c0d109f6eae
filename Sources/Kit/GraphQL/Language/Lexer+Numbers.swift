extension Lexer {
    /// Reads the number whose first byte, a digit or minus, stands at the position (sections 2.9.1 and 2.9.2).
    mutating func number() throws(GraphQLError) -> Token {
        let start = position
        var end = start
        var kind = Token.Kind.int
        if source[end] == UInt8(ascii: "-") { end += 1 }
        if byte(at: end) == UInt8(ascii: "0") {
            end += 1
            if let digit = byte(at: end), Self.isDigit(digit) {
                throw error("Invalid number, unexpected digit after 0: \(character(at: end)).", at: end)
            }
        } else {
            end = try digits(from: end)
        }
        if byte(at: end) == UInt8(ascii: ".") {
            kind = .float
            end = try digits(from: end + 1)
        }
        if let mark = byte(at: end), mark | 0x20 == UInt8(ascii: "e") {
            kind = .float
            end += 1
            if let sign = byte(at: end), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { end += 1 }
            end = try digits(from: end)
        }
        if let next = byte(at: end), next == UInt8(ascii: ".") || Self.isNameStart(next) {
            throw error("Invalid number, expected digit but got: \(character(at: end)).", at: end)
        }
        move(to: end)
        return Token(kind, start, end)
    }

    private func digits(from start: Int) throws(GraphQLError) -> Int {
        var end = start
        while let digit = byte(at: end), Self.isDigit(digit) { end += 1 }
        if end == start { throw error("Invalid number, expected digit but got: \(character(at: end)).", at: end) }
        return end
    }

    private func byte(at offset: Int) -> UInt8? {
        offset < source.count ? source[offset] : nil
    }
}
