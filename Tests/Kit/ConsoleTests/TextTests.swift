import Console
import Testing

struct TextTests {
    @Test(arguments: [
        ("\u{1B}[2J", "\\u{1B}[2J"), ("a\nb\tc\r", "a\\u{A}b\\u{9}c\\u{D}"), ("\u{7F}", "\\u{7F}"),
        ("\u{9B}31m", "\\u{9B}31m"), ("\u{202E}gnp.exe", "\\u{202E}gnp.exe"), ("a\u{2028}b", "a\\u{2028}b"),
        ("\u{200B}", "\\u{200B}"), ("\u{E000}", "\\u{E000}"),
    ])
    func `what would drive the terminal, or turn its order, is written out`(text: String, shown: String) {
        #expect(text.neutralised == shown)
    }

    @Test(arguments: [
        (#"{"a":"b"}"# + "\n", #"{"a":"b"}"# + "\n"),
        ("[\"\u{9B}31m\",\n\"\u{7F}\"]", #"["\u009B31m","# + "\n" + #""\u007F"]"#),
        ("\"\u{202E}gnp\"", #""\u202Egnp""#), ("\"\u{E0001}\"", #""\uDB40\uDC01""#), ("\"\u{5C71}\"", "\"\u{5C71}\""),
    ])
    func `a JSON text is shown with the same value and nothing that drives a terminal`(text: String, shown: String) {
        #expect(text.neutralisedJSON == shown)
    }

    @Test(arguments: ["Ada Lovelace", "Zo\u{EB}", "\u{5C71}\u{7530}", "\u{1F469}\u{200D}\u{1F4BB}", "e\u{301}", ""])
    func `names of any script stay as they are`(name: String) {
        #expect(name.neutralised == name)
    }

    @Test(arguments: [
        ("", 0), ("Ada", 3), ("Zo\u{EB}", 3), ("e\u{301}", 1), ("\u{5C71}\u{7530}", 4), ("\u{FF21}", 2),
        ("\u{AC00}", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("\u{1F600}", 2), ("\u{1F469}\u{200D}\u{1F4BB}", 2),
        ("\u{5E9}\u{5C1}", 1), ("\u{E17}\u{E35}\u{E48}", 1),
    ])
    func `a text is as wide as a terminal draws it`(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test(arguments: [
        ("Ada Lovelace", 20, "Ada Lovelace"), ("Ada Lovelace", 12, "Ada Lovelace"), ("Ada Lovelace", 5, "Ada \u{2026}"),
        ("\u{5C71}\u{7530}\u{5C71}", 4, "\u{5C71}\u{2026}"), ("Ada", 1, "\u{2026}"), ("Ada", 0, ""),
    ])
    func `a text that is too wide is cut, and says so`(text: String, columns: Int, shown: String) {
        #expect(text.cut(toWidth: columns) == shown)
        #expect(text.cut(toWidth: columns).displayWidth <= max(0, columns))
    }
}
