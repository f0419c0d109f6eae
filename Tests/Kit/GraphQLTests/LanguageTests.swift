import GraphQL
import RandomTestSupport
import Testing

@Suite("The reader of documents")
struct LanguageTests {
    @Test(
        "reads what the grammar has",
        arguments: [
            "{ a }",
            "query Q($a: [Int!]! = [1] @d) @d { a(b: $a, c: {d: ENUM, e: null}) { ...f ... on T { x } ... { y } } }",
            "\"described\" query Q { a }", "fragment f on T { a }", "{ a(s: \"\"\" block \\\"\"\" \"\"\") } # end",
            "{ a(s: \"\\u{1F600} \\uD83D\\uDE00 \\n\") }", "\u{FEFF}{ a, b }",
            "type T implements A & B { a(b: Int = 1): T! }",
            "extend type T { a: Int }", "union U = | A | B", "directive @d(a: Int) repeatable on FIELD | QUERY",
        ]
    )
    func accepts(source: String) throws {
        _ = try Document(source)
    }

    @Test(
        "tells the place of what is wrong",
        arguments: [
            ("", 1, 1), ("{", 1, 2), ("{}", 1, 2), ("{ a\r\n  ? }", 2, 3), ("{ a(b: 01) }", 1, 9),
            ("{ a(b: \"x) }", 1, 13),
            ("{ a(b: \"\\uD800\") }", 1, 9), ("{ a(b: \"\\u{110000}\") }", 1, 9), ("query($a: Int = $b) { a }", 1, 17),
            ("fragment on on T { a }", 1, 10), ("{ ..a }", 1, 3), ("\"x\" { a }", 1, 1), ("enum E { true }", 1, 10),
        ]
    )
    func places(source: String, line: Int, column: Int) {
        let error = #expect(throws: GraphQLError.self) { try Document(source) }
        #expect(error?.locations == [SourceLocation(line: line, column: column)])
    }

    @Test("refuses bytes that are not UTF-8")
    func utf8() {
        #expect(throws: GraphQLError.self) {
            try Document(Array("{ a(b: \"".utf8) + [0xED, 0xA0, 0x80] + Array("\") }".utf8))
        }
    }

    @Test("stops at its limits", arguments: ["{a", "{a(b:[", "query($a:[", "{...", "{a(b:{c:", "[", "{a(b:\"\"\""])
    func nesting(piece: String) {
        let source = Array(String(repeating: piece, count: 100_000).utf8)
        #expect(throws: GraphQLError.self) { try Document(source, limits: .trusted) }
        #expect(throws: GraphQLError.self) { try Document(source) }
    }

    @Test("survives any bytes", arguments: 0..<20)
    func anyBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "{", "}", "(", ")", "[", "]", "...", "on", "a", ":", "$", "@", "\"", "\"\"\"", "\\", "!", "1", "-", ".",
            "#", "\n",
        ]
        for _ in 0..<500 {
            let length = Int.random(in: 0...40, using: &random)
            var bytes = (0..<length).flatMap { _ in Array((pieces.randomElement(using: &random) ?? "a").utf8) }
            if Bool.random(using: &random) { bytes.append(UInt8.random(in: 0...255, using: &random)) }
            _ = try? Document(bytes)
        }
    }
}
