import Testing

@testable import API

struct PageLinksTests {
    private func relations(page: Int, last: Int, size: Int) -> [String] {
        PageLinks(path: "/a", page: page, last: last, size: size).value.split(separator: ", ").map { link in
            let parts = link.split(separator: "; rel=")
            return parts.last.map { "\($0.filter { $0 != "\"" }) " }.map { $0 + parts[0] } ?? ""
        }
    }

    @Test func `a page in the midst has four links`() {
        #expect(
            relations(page: 2, last: 3, size: 10) == [
                "first </a?page=1&per_page=10>", "prev </a?page=1&per_page=10>", "next </a?page=3&per_page=10>",
                "last </a?page=3&per_page=10>",
            ]
        )
    }

    @Test func `the only page is first and last`() {
        #expect(
            relations(page: 1, last: 1, size: 20) == ["first </a?page=1&per_page=20>", "last </a?page=1&per_page=20>"]
        )
    }

    @Test func `a page behind the end leads back to the last`() {
        #expect(
            relations(page: 9, last: 3, size: 10) == [
                "first </a?page=1&per_page=10>", "prev </a?page=3&per_page=10>", "last </a?page=3&per_page=10>",
            ]
        )
    }

    @Test func `a page that lies too deep to be asked for is not linked`() {
        // Page 101 of 100 rows begins after row 10,000 and is the deepest.
        #expect(
            relations(page: 100, last: 500, size: 100) == [
                "first </a?page=1&per_page=100>", "prev </a?page=99&per_page=100>", "next </a?page=101&per_page=100>",
            ]
        )
        #expect(
            relations(page: 101, last: 500, size: 100) == [
                "first </a?page=1&per_page=100>", "prev </a?page=100&per_page=100>",
            ]
        )
    }
}
