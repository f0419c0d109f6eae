import Domain
import Testing

struct EmailAddressTests {
    @Test(arguments: [
        "ann@example.com",
        "Ann.Example+tag@sub.example.co.uk",
        "o'brien@example.com",
        "!#$%&'*+-/=?^_`{|}~@example.com",
        "1@2",
        "root@localhost",
        "a@1.2.3.4",
        "a@xn--bcher-kva.example",
        "a@a--b.example",
        "\u{E4}nne@b\u{FC}cher.example",
        "e\u{301}@example.com",
        "\u{7528}\u{6237}@\u{4F8B}\u{5B50}.\u{5E7F}\u{544A}",
        "\u{905}\u{91C}\u{92F}@\u{921}\u{93E}\u{91F}\u{93E}.\u{92D}\u{93E}\u{930}\u{924}",
        "\u{645}@\u{645}.\u{645}",
    ])
    func `an address is taken as typed`(text: String) throws {
        let email = try EmailAddress(text)
        #expect(email.text.utf8.elementsEqual(text.utf8))
    }

    @Test(arguments: [
        "",
        "@",
        "ann",
        "ann@",
        "@example.com",
        "ann@@example.com",
        "ann@example.com@example.org",
        "ann@example.com\u{301}@example.org",
        ".ann@example.com",
        "ann.@example.com",
        "a..n@example.com",
        "a n@example.com",
        " ann@example.com",
        "ann@example.com ",
        "ann@example.com\n",
        "a\tn@example.com",
        "\"ann\"@example.com",
        "a\"n@example.com",
        "a\\n@example.com",
        "a,b@example.com",
        "a;b@example.com",
        "a:b@example.com",
        "<ann@example.com>",
        "Ann <ann@example.com>",
        "ann(me)@example.com",
        "ann@.example.com",
        "ann@example..com",
        "ann@example.com.",
        "ann@-example.com",
        "ann@example-.com",
        "ann@exa_mple.com",
        "ann@exam ple.com",
        "ann@[192.0.2.1]",
        "ann@example.com:25",
        "ann@ex/ample",
        "a\u{0}n@example.com",
        "ann@example.com\u{0}",
        "a\u{7F}n@example.com",
        "a\u{85}n@example.com",
        "a\u{A0}n@example.com",
        "a\u{200B}n@example.com",
        "a\u{202E}n@example.com",
        "ann@exam\u{AD}ple.com",
        "ann@example\u{3002}com",
        "ann@\u{301}example.com",
        "\u{301}ann@example.com",
        "a\u{E000}n@example.com",
        "a\u{378}n@example.com",
        "a\u{FFFD}n@example.com",
        "\u{1F469}@example.com",
        "ann\u{FF20}example.com",
    ])
    func `what is no address is refused`(text: String) {
        #expect(throws: InvalidValue.email) { try EmailAddress(text) }
    }

    @Test func `lengths are counted in bytes and bounded`() throws {
        let label = String(repeating: "d", count: 63)
        let rest = "\(label).\(label).\(String(repeating: "d", count: 61))"
        let local = String(repeating: "\u{E4}", count: 32)
        #expect(try EmailAddress("\(local)@\(rest)").text.utf8.count == 254)
        #expect(throws: InvalidValue.emailTooLong) { try EmailAddress("\(local)@\(rest)d") }
        #expect(throws: InvalidValue.email) { try EmailAddress("\(local)a@example.com") }
        #expect(throws: InvalidValue.email) { try EmailAddress("ann@\(label)d.com") }
    }

    @Test func `an endless text is refused by its length alone`() {
        #expect(throws: InvalidValue.emailTooLong) { try EmailAddress(String(repeating: "@", count: 1_000_000)) }
    }

    @Test(arguments: [
        ("Ann@Example.COM", "ann@example.com"),
        ("\u{C4}NNE@B\u{DC}CHER.example", "\u{E4}nne@b\u{FC}cher.example"),
        ("\u{3A3}\u{3A3}@\u{410}.\u{402}", "\u{3C3}\u{3C3}@\u{430}.\u{452}"),
        ("\u{212A}@example.com", "k@example.com"),
        ("\u{1E9E}@example.com", "\u{DF}@example.com"),
    ])
    func `case is folded in every script`(text: String, folded: String) throws {
        #expect(try EmailAddress(text).folded.utf8.elementsEqual(folded.utf8))
    }

    @Test func `folding what is folded changes nothing`() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let once = EmailAddress(stored: String(scalar)).folded
            let twice = EmailAddress(stored: once).folded
            if once.utf8.elementsEqual(twice.utf8) { continue }
            Issue.record("U+\(String(value, radix: 16)) folds in two steps")
        }
    }

    @Test func `addresses are equal when their bytes are`() throws {
        #expect(try EmailAddress("ann@example.com") == EmailAddress("ann@example.com"))
        #expect(try EmailAddress("ann@example.com") != EmailAddress("Ann@example.com"))
        let forms = try [EmailAddress("\u{E9}@example.com"), EmailAddress("e\u{301}@example.com")]
        #expect(forms[0] != forms[1])
        #expect(Set(forms).count == 2)
    }

    @Test func `a stored address is taken back whatever it looks like`() {
        #expect(EmailAddress(stored: "no address").text == "no address")
    }
}
