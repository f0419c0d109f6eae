/// A place among the tokens of a statement.
struct TokenCursor {
    private(set) var rest: ArraySlice<SQLToken>

    init(_ tokens: [SQLToken]) {
        rest = tokens[...]
    }

    init(_ tokens: ArraySlice<SQLToken>) {
        rest = tokens
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// The word that comes next.
    var word: String? { rest.first.flatMap { $0.kind == .word ? $0.text : nil } }

    mutating func skip() { rest = rest.dropFirst() }

    /// Whether these words come next.
    func isAt(_ words: String...) -> Bool { isAt(words) }

    private func isAt(_ words: [String]) -> Bool {
        rest.count >= words.count
            && zip(rest, words).allSatisfy { token, word in token.kind == .word && token.text == word }
    }

    /// Goes behind these words, if they come next.
    @discardableResult
    mutating func take(_ words: String...) -> Bool {
        guard isAt(words) else { return false }
        rest = rest.dropFirst(words.count)
        return true
    }

    /// Goes behind one of these words, if it comes next.
    mutating func take(anyOf words: Set<String>) -> String? {
        guard let word, words.contains(word) else { return nil }
        skip()
        return word
    }

    /// Goes behind a sign, if it comes next.
    mutating func take(sign: String) -> Bool {
        guard let first = rest.first, first.kind == .sign, first.text == sign else { return false }
        skip()
        return true
    }

    /// The name that comes next, as `schema.name` without `public`.
    mutating func name() -> String? {
        var parts: [String] = []
        repeat {
            guard let first = rest.first, first.kind == .word || first.kind == .quotedName else { break }
            parts.append(first.text)
            skip()
        } while take(sign: ".")
        if parts.count > 1, parts.first == "public" { parts.removeFirst() }
        return parts.isEmpty ? nil : parts.joined(separator: ".")
    }

    /// Whether the words come anywhere outside of parentheses.
    func contains(_ words: String...) -> Bool {
        var cursor = self
        var depth = 0
        while let first = cursor.rest.first {
            if depth == 0, cursor.isAt(words) { return true }
            if first.kind == .sign, first.text == "(" { depth += 1 }
            if first.kind == .sign, first.text == ")" { depth -= 1 }
            cursor.skip()
        }
        return false
    }

    /// The parts between commas outside of parentheses.
    func parts() -> [ArraySlice<SQLToken>] {
        var parts: [ArraySlice<SQLToken>] = []
        var (start, depth) = (rest.startIndex, 0)
        for index in rest.indices where rest[index].kind == .sign {
            switch rest[index].text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "," where depth == 0:
                parts.append(rest[start..<index])
                start = index + 1
            default: break
            }
        }
        return parts + [rest[start...]]
    }
}
