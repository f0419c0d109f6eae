import HTTPPipeline
import Testing

struct RouterTests {
    private let router: Router<String> = {
        var router = Router<String>()
        router.add(.get, "/users", "list")
        router.add(.post, "/users", "create")
        router.add(.get, "/users/{id}", "read")
        router.add(.get, "/users/stats", "stats")
        router.add(.get, "/users/{id}/sessions", "sessions")
        router.add(.delete, "/users/{id}/sessions/{session}", "end")
        router.add(.get, "/old/{id}", canonical: "/new/{id}", "moved")
        return router
    }()

    private func endpoint(_ path: String) -> String? {
        router.match(Array(path.utf8))?.endpoints.first?.endpoint
    }

    private func parameter(_ name: String, _ path: String) -> String? {
        router.match(Array(path.utf8))?.parameters[name]
    }

    @Test func `a path leads to its endpoint`() {
        #expect(endpoint("/users") == "list")
        #expect(endpoint("/users/7") == "read")
        #expect(endpoint("/users/7/sessions") == "sessions")
        #expect(endpoint("/users/7/sessions/8") == "end")
    }

    @Test func `all methods of a path are found together`() throws {
        let match = try #require(router.match(Array("/users".utf8)))
        #expect(match.endpoints.map(\.method) == [.get, .post])
        #expect(match.endpoints.map(\.endpoint) == ["list", "create"])
    }

    @Test func `a segment that stands for itself wins over one in braces`() {
        #expect(endpoint("/users/stats") == "stats")
        #expect(parameter("id", "/users/stats") == nil)
        #expect(endpoint("/users/statsx") == "read")
        #expect(endpoint("/users/stat") == "read")
    }

    @Test func `what a literal has taken is not tried again as a parameter`() {
        #expect(endpoint("/users/stats/sessions") == nil)
    }

    @Test func `the values of segments in braces are told by name`() throws {
        let match = try #require(router.match(Array("/users/7/sessions/8".utf8)))
        #expect(match.parameters["id"] == "7")
        #expect(match.parameters["session"] == "8")
        #expect(match.parameters["other"] == nil)
        var expected = PathParameters()
        expected.append("id", "7")
        #expect(match.parameters != expected)
        expected.append("session", "8")
        #expect(match.parameters == expected)
    }

    @Test func `the canonical pattern is told where there is one`() {
        #expect(router.match(Array("/old/1".utf8))?.pattern == "/new/{id}")
        #expect(router.match(Array("/users/1".utf8))?.pattern == "/users/{id}")
    }

    @Test(
        arguments: [
            ("/users/a%20b", "a b"), ("/users/%E2%82%AC", "\u{20AC}"), ("/users/%e2%82%ac", "\u{20AC}"),
            ("/users/a+b", "a+b"), ("/users/a%2Fb", "a/b"), ("/users/%2E%2E", ".."), ("/users/%00", "\0"),
            ("/users/a%3Fb", "a?b"), ("/users/\u{20AC}", "\u{20AC}"), ("/users/a;b=c", "a;b=c"), ("/users/..", ".."),
            ("/users/%73tats", "stats"),
        ]
    )
    func `a segment in braces is percent-decoded, and stays one segment`(path: String, value: String) {
        #expect(endpoint(path) == "read")
        #expect(parameter("id", path) == value)
    }

    @Test(
        arguments: [
            "", "/", "//", "users", "*", "http://example.com/users", "/users/", "//users", "/users//",
            "/users//sessions",
            "/x/../users", "/./users", "/users/.", "/users/7/", "/users/7//sessions", "/users/7/sessions/", "/Users",
            "/%75sers", "/users%2F7", "/users/7/sessions/8/9", "/nobody", "/users ", " /users",
        ]
    )
    func `a path that is not spelt as its pattern matches nothing`(path: String) {
        // "/users/." is a parameter like any other: what it means is for the endpoint to say.
        #expect(endpoint(path) == (path == "/users/." ? "read" : nil))
    }

    @Test(arguments: ["/users/%", "/users/%4", "/users/%zz", "/users/%+1", "/users/a%", "/users/%4%31"])
    func `broken percent-encoding matches nothing`(path: String) {
        #expect(endpoint(path) == nil)
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func `bytes that are no UTF-8 match nothing`(bytes: [UInt8]) {
        #expect(router.match(Array("/users/".utf8) + bytes) == nil)
        let encoded = bytes.map { "%" + String($0, radix: 16, uppercase: true) }.joined()
        #expect(endpoint("/users/" + encoded) == nil)
    }

    @Test func `an empty router matches nothing`() {
        let empty = Router<Int>()
        #expect(empty.match([]) == nil)
        #expect(empty.match(Array("/".utf8)) == nil)
        #expect(empty.match(Array("/a".utf8)) == nil)
    }

    @Test func `a path that only begins other patterns has no endpoint`() {
        var deep = Router<Int>()
        deep.add(.get, "/a/b/c", 1)
        #expect(deep.match(Array("/a/b".utf8)) == nil)
        #expect(deep.match(Array("/a/b/c".utf8)) != nil)
    }

    @Test func `the root can have an endpoint`() {
        var rooted = Router<Int>()
        rooted.add(.get, "/", 1)
        #expect(rooted.match(Array("/".utf8))?.endpoints.first?.endpoint == 1)
        #expect(rooted.match(Array("//".utf8)) == nil)
    }

    @Test func `a very long path is looked at once`() {
        #expect(router.match(Array(String(repeating: "/users", count: 20_000).utf8)) == nil)
        #expect(parameter("id", "/users/" + String(repeating: "x", count: 100_000))?.utf8.count == 100_000)
    }

    @Test func `Allow tells HEAD wherever GET is, and OPTIONS always`() {
        #expect(router.match(Array("/users".utf8))?.allow == "GET, POST, HEAD, OPTIONS")
        #expect(router.match(Array("/users/7/sessions/8".utf8))?.allow == "DELETE, OPTIONS")
    }
}
