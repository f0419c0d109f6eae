import Domain
import Testing

struct FoldedPrefixTests {
    @Test(
        arguments: [
            ("Ann", "ann", "ano"), ("a", "a", "b"), ("az", "az", "a{"), ("\u{C4}", "\u{E4}", "\u{E5}"),
            // Surrogates lie between these two.
            ("a\u{D7FF}", "a\u{D7FF}", "a\u{E000}"),
            // The greatest scalar cannot be raised: the one before it is.
            ("a\u{10FFFF}\u{10FFFF}", "a\u{10FFFF}\u{10FFFF}", "b"), ("\u{10FFFE}", "\u{10FFFE}", "\u{10FFFF}"),
            ("\u{10FFFF}", "\u{10FFFF}", nil), ("", "", nil),
        ] as [(String, String, String?)]
    )
    func `a prefix ends where the first other text stands`(typed: String, text: String, end: String?) {
        let prefix = FoldedPrefix(typed)
        #expect(prefix.text.utf8.elementsEqual(text.utf8))
        #expect(prefix.end.map { Array($0.utf8) } == end.map { Array($0.utf8) })
    }

    @Test func `what begins so lies between the ends, and nothing else does`() {
        let texts = [
            "", "a", "an", "ann", "anna", "ann\u{10FFFF}", "ano", "b", "\u{E4}nn", "an\u{301}n", "an\u{10FFFF}",
        ]
        for typed in ["", "a", "an", "ann", "an\u{10FFFF}", "\u{E4}", "b", "c"] {
            let prefix = FoldedPrefix(typed)
            for text in texts {
                let isBetween =
                    !text.utf8.lexicographicallyPrecedes(prefix.text.utf8)
                    && (prefix.end.map { text.utf8.lexicographicallyPrecedes($0.utf8) } ?? true)
                #expect(prefix.matches(text) == isBetween, "\(typed) of \(text)")
            }
        }
    }
}
