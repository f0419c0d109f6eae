/// A word, name, value or sign of a statement in PostgreSQL's SQL.
struct SQLToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A key word or a name, in small letters.
        case word
        /// A name in double quotes, without them.
        case quotedName
        /// A text in single quotes or between dollars, without them.
        case text
        case number
        case sign
    }

    let kind: Kind
    let text: String
}

/// One statement of a script.
struct SQLStatement: Sendable {
    /// As it is written, without what is around it.
    let text: String
    let tokens: [SQLToken]
    /// The line on which it begins, from 1.
    let line: Int
    /// Whether a text, a name or a comment in it is not closed.
    var isUnterminated = false

    /// The statements of a script, which semicolons end.
    static func all(in script: String) -> [SQLStatement] {
        var scanner = SQLScanner(script)
        return scanner.statements()
    }
}

/// Takes a script apart, by PostgreSQL's rules (https://www.postgresql.org/docs/15/sql-syntax-lexical.html).
///
/// Whatever it is given it comes to an end: what is not closed is closed by the end of the script, and marked.
private struct SQLScanner {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var isUnterminated = false

    init(_ script: String) {
        bytes = Array(script.utf8)
    }

    mutating func statements() -> [SQLStatement] {
        var found: [SQLStatement] = []
        var tokens: [SQLToken] = []
        var (start, end, startLine) = (0, 0, 1)
        func close() {
            guard !tokens.isEmpty else { return }
            let text = String(decoding: bytes[start..<end], as: UTF8.self)
            found.append(SQLStatement(text: text, tokens: tokens, line: startLine))
            tokens = []
        }
        while skipSpace() {
            let before = (position, line)
            let token = next()
            if token.kind == .sign, token.text == ";" {
                close()
                continue
            }
            if tokens.isEmpty { (start, startLine) = before }
            tokens.append(token)
            end = position
        }
        close()
        if isUnterminated {
            if found.isEmpty { found.append(SQLStatement(text: "", tokens: [], line: 1)) }
            found[found.count - 1].isUnterminated = true
        }
        return found
    }

    private func byte(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    /// Skips spaces and comments, which nest; false at the end.
    private mutating func skipSpace() -> Bool {
        while let next = byte() {
            if next == UInt8(ascii: " ") || (9...13).contains(next) {
                advance()
            } else if next == UInt8(ascii: "-"), byte(1) == next {
                while let inside = byte(), inside != UInt8(ascii: "\n"), inside != UInt8(ascii: "\r") { advance() }
            } else if next == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                skipComment()
            } else {
                return true
            }
        }
        return false
    }

    private mutating func skipComment() {
        var depth = 0
        while let next = byte() {
            if next == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                depth += 1
                advance(2)
            } else if next == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
                depth -= 1
                advance(2)
                if depth == 0 { return }
            } else {
                advance()
            }
        }
        isUnterminated = true
    }

    private mutating func next() -> SQLToken {
        guard let first = byte() else { return SQLToken(kind: .sign, text: ";") }
        switch first {
        case UInt8(ascii: "'"): return SQLToken(kind: .text, text: quoted(first, escapes: false))
        case UInt8(ascii: "\""): return SQLToken(kind: .quotedName, text: quoted(first, escapes: false))
        case UInt8(ascii: "e"), UInt8(ascii: "E"):
            guard byte(1) == UInt8(ascii: "'") else { return word() }
            advance()
            return SQLToken(kind: .text, text: quoted(UInt8(ascii: "'"), escapes: true))
        case UInt8(ascii: "$"):
            if let text = dollarQuoted() { return SQLToken(kind: .text, text: text) }
            advance()
            return SQLToken(kind: .sign, text: "$")
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        default:
            if Self.isInWord(first) { return word() }
            advance()
            return SQLToken(kind: .sign, text: String(decoding: [first], as: UTF8.self))
        }
    }

    private static func isInWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xFF:
            true
        default: false
        }
    }

    private mutating func word() -> SQLToken {
        let start = position
        while let next = byte(), Self.isInWord(next) || next == UInt8(ascii: "$") { advance() }
        return SQLToken(kind: .word, text: String(decoding: bytes[start..<position], as: UTF8.self).lowercased())
    }

    private mutating func number() -> SQLToken {
        let start = position
        while let next = byte(), Self.isInWord(next) || next == UInt8(ascii: ".") { advance() }
        return SQLToken(kind: .number, text: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    /// What stands between two of these quotation marks; two of them are one.
    private mutating func quoted(_ mark: UInt8, escapes: Bool) -> String {
        var content: [UInt8] = []
        advance()
        while let next = byte() {
            if next == mark {
                guard byte(1) == mark else { break }
                advance()
            } else if escapes, next == UInt8(ascii: "\\") {
                advance()
            }
            if let kept = byte() { content.append(kept) }
            advance()
        }
        isUnterminated = isUnterminated || byte() == nil
        advance()
        return String(decoding: content, as: UTF8.self)
    }

    /// What stands between `$tag$` and `$tag$`; nil where none begins.
    private mutating func dollarQuoted() -> String? {
        var length = 1
        while let next = byte(length), Self.isInWord(next) { length += 1 }
        guard byte(length) == UInt8(ascii: "$") else { return nil }
        // $1 is a parameter.
        if let first = byte(1), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) { return nil }
        let mark = bytes[position...position + length]
        advance(length + 1)
        let start = position
        while position < bytes.count {
            if bytes[position...].starts(with: mark) {
                let content = String(decoding: bytes[start..<position], as: UTF8.self)
                advance(length + 1)
                return content
            }
            advance()
        }
        isUnterminated = true
        return String(decoding: bytes[start...], as: UTF8.self)
    }
}
