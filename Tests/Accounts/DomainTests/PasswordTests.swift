import Domain
import Testing

struct PasswordTests {
    @Test(arguments: [
        "correct horse battery",
        "               ",
        "aaaaaaaaaaaaaaa",
        "tab\tand\nlines\r\n..",
        "null\0null\0null\0",
        "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e",
    ])
    func `a password is taken exactly as typed`(text: String) throws {
        #expect(try Password(text).utf8.elementsEqual(text.utf8))
    }

    @Test func `a new password has 15 code points or more`() throws {
        #expect(throws: InvalidValue.passwordTooShort) { try Password("") }
        #expect(throws: InvalidValue.passwordTooShort) { try Password("14 characters.") }
        #expect(throws: InvalidValue.passwordTooShort) { try Password(String(repeating: "\u{1F469}", count: 14)) }
        #expect(try Password(String(repeating: "\u{1F469}", count: 15)).utf8.count == 60)
    }

    @Test func `no password has more than 1024 bytes`() throws {
        #expect(try Password(String(repeating: "\u{E9}", count: 512)).utf8.count == 1024)
        #expect(throws: InvalidValue.passwordTooLong) { try Password(String(repeating: "a", count: 1025)) }
        #expect(throws: InvalidValue.passwordTooLong) { try Password(attempt: String(repeating: "a", count: 1025)) }
    }

    @Test func `an attempt may be short`() throws {
        #expect(try Password(attempt: "").utf8.isEmpty)
    }
}
