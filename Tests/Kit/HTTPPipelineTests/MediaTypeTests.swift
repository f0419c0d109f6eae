import HTTPPipeline
import Testing

struct MediaTypeTests {
    @Test(
        arguments: [
            nil, "application/problem+json", "APPLICATION/Problem+JSON", "application/problem+json, application/json",
            "application/json, application/problem+json", "application/problem+json;q=0.1",
            "application/json;q=0.5, application/problem+json;q=0.5", "application/problem+json, */*",
            "application/problem+json;q=0.2, application/*;q=0.9", "*/*, application/problem+json;q=0.001",
            "text/html, application/problem+json ; q=0.9 , application/json ;q=0.8",
            "application/problem+json;Q=1.0, application/json;q=0.999",
        ] as [String?]
    )
    func `problem details go to who names them and ranks them no lower than JSON`(accept: String?) {
        #expect(isProblem(accept) == (accept != nil))
    }

    @Test(
        arguments: [
            "", "*/*", "application/*", "application/json", "text/html", "application/problem+xml", ",,,", ";;;", "/",
            "application/problem+json;q=0", "application/problem+json;q=0.0", "application/problem+json;q=abc",
            "application/problem+json;q=", "application/problem+json;q=0.4, application/json;q=0.5",
            "application/problem+json;q=-1", "application/problem+json;q=nan",
            "application/json, application/problem+json;q=0.999",
        ]
    )
    func `all others get the envelope`(accept: String) {
        #expect(!isProblem(accept))
    }

    @Test(
        arguments: [
            nil, "", " ", "*/*", "application/*", "application/json", "Application/JSON", "application/json;q=0.001",
            "text/html, */*;q=0.1", "application/json; charset=utf-8", "application/problem+json", "nonsense",
            "application/json;q=0.5;ext=1", "text/html;q=0.9,application/json;q=0.1", ",application/json,",
            "application/json\t;\tq=1",
        ] as [String?]
    )
    func `JSON is taken by who names it, or its range, or nothing that can be read`(accept: String?) {
        #expect(MediaType.acceptsJSON(accept))
    }

    @Test(
        arguments: [
            "text/html", "application/json;q=0", "*/*;q=0", "application/*;q=0", "application/json;q=0, */*",
            "application/json;q=0.0, application/*", "application/*;q=0, */*", "application/xml", "*/json",
            "application/problem+json;q=0", "application/jsonp", "application/json;q=nan",
        ]
    )
    func `the most specific range decides that JSON is not taken`(accept: String) {
        #expect(!MediaType.acceptsJSON(accept))
    }

    @Test(
        arguments: [
            (nil, "a/b"), ("*/*", "a/b"), ("a/b", "a/b"), ("a/c", "a/c"), ("a/c, a/b", "a/b"),
            ("a/b;q=0.5, a/c", "a/c"),
            ("a/*;q=0.5, a/c;q=0.4", "a/b"), ("a/b;q=0, a/c;q=0", nil), ("text/html", nil), ("nothing", "a/b"),
        ] as [(String?, String?)]
    )
    func `of what is offered the client gets what it ranks highest`(accept: String?, expected: String?) {
        #expect(MediaType.preferred(among: ["a/b", "a/c"], accept: accept) == expected)
    }

    @Test func `a huge Accept is read in part only`() {
        let many = String(repeating: "text/html,", count: 100_000)
        #expect(!MediaType.acceptsJSON(many + "application/json"))
        #expect(MediaType.acceptsJSON("application/json," + many))
    }

    @Test(
        arguments: [
            ("application/json", "application/json"), ("Application/JSON", "application/json"),
            ("application/json; charset=utf-8", "application/json"),
            ("application/json;charset=UTF-8", "application/json"),
            ("application/json ; Charset=\"utf-8\"", "application/json"), ("application/json;v=1", "application/json"),
            ("\tapplication/merge-patch+json ", "application/merge-patch+json"), ("", ""), (";", ""),
            ("application/json;", "application/json"), ("application/json;;charset=utf-8", "application/json"),
        ]
    )
    func `a content type is compared without parameters and case`(value: String, essence: String) {
        #expect(MediaType.essence(ofContentType: value) == essence)
    }

    @Test(
        arguments: [
            "application/json; charset=latin1", "application/json;charset=utf-16", "application/json; charset=",
            "application/json;charset=utf-8;charset=latin1", "application/json; charset=\"iso-8859-1\"",
        ]
    )
    func `JSON in another charset than UTF-8 is none`(value: String) {
        #expect(MediaType.essence(ofContentType: value) == nil)
    }

    private func isProblem(_ accept: String?) -> Bool {
        if case .problem = MediaType.errorBody(accept: accept) { true } else { false }
    }
}
