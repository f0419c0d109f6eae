import Testing

@testable import Domain

struct CommonPasswordsTests {
    private let common = CommonPasswords(siteName: "Blue Harbour")

    private func isCommon(_ text: String, name: String = "Ben Miller") throws -> Bool {
        common.contains(
            try Password(text),
            of: try EmailAddress("ben.miller@example.com"),
            named: try PersonName(name)
        )
    }

    @Test(arguments: [
        "passwordpassword", "password12345678", "Password1234567!", "P@ssw0rdP@ssw0rd", "pass word pass word",
        "administrator123", "iloveyouforever1", "Changeme-Changeme", "letmeinletmein!", "welcomewelcome1",
        "WelcomeSummer2026", "football baseball", "dragon-monkey-shadow", "superman_batman_1", "trustno1trustno1",
        "correct horse battery staple", "CorrectHorseBatteryStaple1", "the quick brown fox jumps over the lazy dog",
        "To be, or not to be", "May the force be with you", "supercalifragilisticexpialidocious",
        "thisismypassword", "this is a very long password", "1ncorrect pa$$word",
    ])
    func `what everybody knows is common, whatever its case, signs and separators are`(text: String) throws {
        #expect(try isCommon(text))
    }

    @Test(arguments: [
        "aaaaaaaaaaaaaaa", "               ", "---------------", "111111111111111", "abcabcabcabcabcabc",
        "x7qx7qx7qx7qx7qx7q", "a7k9a7k9a7k9a7k9", "aaaaaaaabbbbbbbb", "aaaaaaaaaaaaaab", "a - b - c - d - e - f",
    ])
    func `what repeats a few characters is common`(text: String) throws {
        #expect(try isCommon(text))
    }

    @Test(arguments: [
        "qwertyuiopasdfgh", "qwertyuiop12345", "1234567890123456", "0987654321098765", "1qaz2wsx3edc4rfv",
        "abcdefghijklmnop", "zyxwvutsrqponmlk", "asdfghjklzxcvbnm", "qwertzuiop12345", "azertyuiopqsdfgh",
        "!@#$%^&*()12345", "1q2w3e4r5t6y7u8i", "147258369147258369", "314159265358979", "123456789987654321",
        "qazwsxedcrfvtgb", "a1b2c3d4e5f6g7h8",
    ])
    func `what stands side by side on a keyboard or in an order is common`(text: String) throws {
        #expect(try isCommon(text))
    }

    @Test(arguments: [
        "ben.miller@example.com", "benmiller123456", "Miller-Miller-1", "Ben Miller 2026!", "example.com2026",
        "gatehouse-gatehouse", "Gatehouse12345678", "blueharbour2026", "Blue Harbour Ben",
    ])
    func `what belongs to the user or to the site is common`(text: String) throws {
        #expect(try isCommon(text))
    }

    @Test func `it is common for its own user only`() throws {
        let name = "\u{41E}\u{43B}\u{44C}\u{433}\u{430} \u{421}\u{43C}\u{438}\u{440}\u{43D}\u{43E}\u{432}\u{430}"
        let text = name.lowercased() + " 2026"
        #expect(try isCommon(text, name: name))
        #expect(try !isCommon(text))
    }

    @Test(arguments: [
        "correct horse battery", "a password to choose", "quantal vellum ostrich", "kettle, gravel & two owls",
        "3f9c1b7e20d84a6f5c", "#$%&@!^*()_+{}:?><", "wq8-ZZp-1lm-0vR-t", "my dog ate nine blue socks",
        "the password of ben is long",
        "\u{1F9ED}\u{1F40C}\u{1F511}\u{1F33E}\u{1F9F2}\u{1F6E0}\u{1F3BB}\u{1F9CA}"
            + "\u{1F98A}\u{1F34B}\u{1F9F5}\u{1F6F6}\u{1FA81}\u{1F94C}\u{1F3AF}",
    ])
    func `what is made of more than three pieces may be chosen`(text: String) throws {
        #expect(try !isCommon(text))
    }

    @Test func `the words make more passwords that may be long enough than any list has`() {
        let lengths = CommonPasswords.words.map(\.unicodeScalars.count)
        let pairs = lengths.reduce(0) { sum, length in sum + lengths.count { $0 + length >= Password.shortest } }
        #expect(lengths.count { $0 >= Password.shortest } > 150)
        #expect(pairs > 300_000)
    }

    @Test func `the words are in the form in which they are compared, and none stands there twice`() {
        #expect(Set(CommonPasswords.words).count == CommonPasswords.words.count)
        for word in CommonPasswords.words {
            #expect(word.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }, "\(word)")
            #expect(word.utf8.count >= 3)
        }
    }

    @Test func `the longest password is looked at in no time worth speaking of`() throws {
        let text = String(repeating: "ab1!", count: 255)
        let clock = ContinuousClock()
        _ = try isCommon(text)
        let fastest = try (0..<5).map { _ in try clock.measure { _ = try isCommon(text + "xy") } }.min()
        #expect(fastest ?? .zero < .milliseconds(50))
    }
}
