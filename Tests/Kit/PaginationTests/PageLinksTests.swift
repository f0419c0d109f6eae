import Pagination
import Testing

struct PageLinksTests {
    private func relations(
        _ parameters: [(name: String, value: String)] = [("per_page", "10")],
        _ add: (inout PageLinks) -> Void
    ) -> [String] {
        var links = PageLinks(path: "/a", parameters: parameters)
        add(&links)
        return links.value.split(separator: ", ").map { link in
            let parts = link.split(separator: "; rel=")
            return "\(parts[1].filter { $0 != "\"" }) \(parts[0])"
        }
    }

    private func pages(_ page: Int, total: Int?, hasNext: Bool, size: Int = 10) -> [String] {
        relations([("per_page", "\(size)")]) {
            $0.addPages(around: page, size: size, hasNext: hasNext, total: total, deepestOffset: 10_000)
        }
    }

    @Test func `a page in the midst has four links`() {
        #expect(
            pages(2, total: 30, hasNext: true) == [
                "first </a?page=1&per_page=10>", "prev </a?page=1&per_page=10>", "next </a?page=3&per_page=10>",
                "last </a?page=3&per_page=10>",
            ]
        )
    }

    @Test(arguments: [0, 1, 10])
    func `the only page is first and last`(total: Int) {
        #expect(
            pages(1, total: total, hasNext: false) == [
                "first </a?page=1&per_page=10>", "last </a?page=1&per_page=10>",
            ]
        )
    }

    @Test func `a page behind the end leads back to the last`() {
        #expect(
            pages(9, total: 30, hasNext: false) == [
                "first </a?page=1&per_page=10>", "prev </a?page=3&per_page=10>", "last </a?page=3&per_page=10>",
            ]
        )
    }

    @Test func `without a total there is no last page`() {
        #expect(
            pages(2, total: nil, hasNext: true) == [
                "first </a?page=1&per_page=10>", "prev </a?page=1&per_page=10>", "next </a?page=3&per_page=10>",
            ]
        )
        #expect(pages(1, total: nil, hasNext: false) == ["first </a?page=1&per_page=10>"])
    }

    @Test func `a page that lies too deep to be asked for is not linked`() {
        // Page 101 of 100 rows begins after row 10,000 and is the deepest.
        #expect(
            pages(100, total: 50_000, hasNext: true, size: 100) == [
                "first </a?page=1&per_page=100>", "prev </a?page=99&per_page=100>", "next </a?page=101&per_page=100>",
            ]
        )
        #expect(
            pages(101, total: 50_000, hasNext: true, size: 100) == [
                "first </a?page=1&per_page=100>", "prev </a?page=100&per_page=100>",
            ]
        )
    }

    @Test func `cursors lead on and back as far as there are rows`() {
        let both = relations { $0.addCursors(previous: "p", next: "n") }
        #expect(
            both == [
                "first </a?cursor=&per_page=10>", "prev </a?cursor=p&per_page=10>", "next </a?cursor=n&per_page=10>",
            ]
        )
        #expect(relations { $0.addCursors(previous: nil, next: nil) } == ["first </a?cursor=&per_page=10>"])
    }

    @Test func `what every link carries on is encoded`() {
        let parameters = [(name: "q", value: "a b&c=d+e<>\"%\u{E9},f\r\n")]
        #expect(
            relations(parameters) { $0.addCursors(previous: nil, next: nil) } == [
                "first </a?cursor=&q=a%20b%26c%3Dd%2Be%3C%3E%22%25%C3%A9,f%0D%0A>"
            ]
        )
    }
}
