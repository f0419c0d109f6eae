import Domain
import Testing

struct EmailRepetitionTests {
    private func repetitions(_ texts: [String?]) -> [[Int]] {
        EmailAddress.repetitions(in: texts.map { $0.map(EmailAddress.init(stored:)) }).map { [$0.place, $0.first] }
    }

    @Test func `addresses that differ are no repetitions`() {
        #expect(repetitions([]) == [])
        #expect(repetitions(["a@x", "b@x", nil, nil]) == [])
        // Canonically equivalent, and still two addresses.
        #expect(repetitions(["\u{E9}@x", "e\u{301}@x"]) == [])
    }

    @Test func `each repetition names the first of its kind, in whatever case`() {
        #expect(repetitions(["a@x", "b@x", "A@X", nil, "a@x", "B@x"]) == [[2, 0], [4, 0], [5, 1]])
    }
}
