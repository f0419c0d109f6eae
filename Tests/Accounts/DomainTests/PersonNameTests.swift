import Domain
import Testing

struct PersonNameTests {
    @Test(arguments: [
        "A",
        " ",
        "Ann Example",
        "\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467}",
        "line\nbreak",
        "e\u{301}",
        "\u{202E}",
        "\u{10FFFF}",
    ])
    func `a name comes back as it was typed`(text: String) throws {
        #expect(try PersonName(text).text.utf8.elementsEqual(text.utf8))
    }

    @Test func `a name has 1 to 200 scalars`() throws {
        #expect(throws: InvalidValue.nameLength) { try PersonName("") }
        for scalar in ["a", "\u{E9}", "\u{1F469}", "\u{301}"] {
            #expect(try PersonName(String(repeating: scalar, count: 200)).text.unicodeScalars.count == 200)
            #expect(throws: InvalidValue.nameLength) { try PersonName(String(repeating: scalar, count: 201)) }
        }
        // One character to a reader, 201 to a database.
        #expect(throws: InvalidValue.nameLength) { try PersonName("e" + String(repeating: "\u{301}", count: 200)) }
        #expect(throws: InvalidValue.nameLength) { try PersonName(String(repeating: "a", count: 1_000_000)) }
    }

    @Test(arguments: ["\0", "a\0", "\0a", "a\0\u{301}b"])
    func `U+0000 is refused`(text: String) {
        #expect(throws: InvalidValue.nameContainsNull) { try PersonName(text) }
    }

    @Test func `names are equal when their bytes are, and fold for sorting`() throws {
        #expect(try PersonName("\u{E9}") != PersonName("e\u{301}"))
        #expect(try PersonName("\u{C9}VA").folded.utf8.elementsEqual("\u{E9}va".utf8))
    }
}
