import FastCGI
import HTTPPipeline
import Stages
import Testing

struct RequestClassifierTests {
    private let classifier = RequestClassifier([
        (.post, "/sessions"), (.put, "/users/{id}"), (.post, "/users/{id}/key"),
    ])

    private func matches(_ method: String, _ target: String) throws -> Bool {
        try FastCGIExchange.look(
            at: [("REQUEST_METHOD", method), ("REQUEST_URI", target)],
            classifier.matches
        )
    }

    @Test(arguments: [
        ("POST", "/sessions"), ("POST", "/sessions?x=/y"), ("PUT", "/users/7"), ("PUT", "/users/%41?"),
        ("POST", "/users/7/key"),
    ])
    func `a request for one of the routes is found`(method: String, target: String) throws {
        #expect(try matches(method, target))
    }

    @Test(arguments: [
        ("GET", "/sessions"), ("PUT", "/sessions"), ("POST", "/users/7"), ("post", "/sessions"), ("POST", "/session"),
        ("POST", "/sessions/"), ("POST", "/sessions/7"), ("POST", "//sessions"), ("PUT", "/users/"), ("POST", ""),
        ("POST", "*"), ("POSTS", "/sessions"), ("POST", "/"), ("", "/sessions"), ("PUT", "/users/%zz"),
    ])
    func `all others are not`(method: String, target: String) throws {
        #expect(try !matches(method, target))
    }

    @Test func `what is missing is no route`() throws {
        #expect(try !FastCGIExchange.look(at: [], classifier.matches))
        #expect(try !FastCGIExchange.look(at: [("REQUEST_METHOD", "POST")], classifier.matches))
        #expect(try !FastCGIExchange.look(at: [("REQUEST_URI", "/sessions")], classifier.matches))
        let none = RequestClassifier([])
        let request = [("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/sessions")]
        #expect(try !FastCGIExchange.look(at: request, none.matches))
    }
}
