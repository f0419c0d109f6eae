import FastCGI
import HTTPPipeline
import Stages
import Testing

struct FastCGIResponderTests {
    /// What a client sent, as the pipeline sees it.
    private struct Seen {
        var method: HTTPPipeline.Method?
        var path: [UInt8] = []
        var query: [UInt8] = []
        var address = ""
        var id = ""
        var accept: String?
        var contentType: String?
        var authorization: String?
    }

    private func seen(_ parameters: (String, String)...) throws -> Seen {
        try seen(bytes: parameters.map { ($0, Array($1.utf8)) })
    }

    private func seen(bytes parameters: [(String, [UInt8])]) throws -> Seen {
        var seen = Seen()
        let responder = FastCGIResponder { request in
            seen = Seen(
                method: request.method,
                path: request.path,
                query: request.query,
                address: request.remoteAddress,
                id: request.id,
                accept: request.field(.accept),
                contentType: request.field(.contentType),
                authorization: request.field(.authorization)
            )
            return Response(.noContent)
        }
        _ = try FastCGIExchange.run(parameters, respond: { responder.respond(to: $0) })
        return seen
    }

    @Test func `an empty field was not sent, but for a key that must not be empty`() throws {
        var key: String?
        var accept: String?
        let responder = FastCGIResponder { request in
            key = request.field(.idempotencyKey)
            accept = request.field(.accept)
            return Response(.noContent)
        }
        _ = try FastCGIExchange.run(
            [("HTTP_IDEMPOTENCY_KEY", []), ("HTTP_ACCEPT", [])],
            respond: { responder.respond(to: $0) }
        )
        #expect(key == "")
        #expect(accept == nil)
    }

    /// What is written for a response.
    private func written(_ response: Response, method: String = "GET") throws -> String {
        let responder = FastCGIResponder { _ in response }
        return try FastCGIExchange.run([("REQUEST_METHOD", Array(method.utf8))], respond: { responder.respond(to: $0) })
            .text
    }

    /// What reading the body of a request gives: its text, or the code of the error.
    private func body(_ body: String, announced: String? = nil, limit: Int = 1000) throws -> String {
        var result = ""
        let responder = FastCGIResponder { request in
            do {
                result = try request.withBody(limit: limit) { bytes in
                    var copy: [UInt8] = []
                    for index in bytes.indices { copy.append(bytes[index]) }
                    return copy.text
                }
            } catch let error as HTTPError {
                result = error.code.text
            } catch {
                result = "\(error)"
            }
            return Response(.noContent)
        }
        let length = announced ?? String(body.utf8.count)
        _ = try FastCGIExchange.run(
            [("CONTENT_LENGTH", Array(length.utf8))],
            body: Array(body.utf8),
            respond: { responder.respond(to: $0) }
        )
        return result
    }

    // MARK: - What comes in

    @Test func `what the web server hands over is found in the request`() throws {
        let seen = try seen(
            ("REQUEST_METHOD", "PATCH"),
            ("REQUEST_URI", "/a%20b/c?d=%20e&f"),
            ("REMOTE_ADDR", "2001:db8::7"),
            ("REQUEST_ID", "0123456789abcdef"),
            ("HTTP_ACCEPT", "application/json"),
            ("CONTENT_TYPE", "text/plain"),
            ("HTTP_AUTHORIZATION", "Bearer x")
        )
        #expect(seen.method == .patch)
        #expect(seen.path.text == "/a%20b/c")
        #expect(seen.query.text == "d=%20e&f")
        #expect(seen.address == "2001:db8::7")
        #expect(seen.id == "0123456789abcdef")
        #expect(seen.accept == "application/json")
        #expect(seen.contentType == "text/plain")
        #expect(seen.authorization == "Bearer x")
    }

    @Test func `what is missing is empty, or nil`() throws {
        let seen = try seen(("UNRELATED", "x"))
        #expect(seen.method == nil)
        #expect(seen.path.isEmpty)
        #expect(seen.query.isEmpty)
        #expect(seen.address.isEmpty)
        #expect(seen.id.isEmpty)
        #expect(seen.accept == nil)
        #expect(seen.authorization == nil)
    }

    @Test func `an empty field is one that was not sent`() throws {
        let seen = try seen(("CONTENT_TYPE", ""), ("HTTP_ACCEPT", ""), ("HTTP_AUTHORIZATION", ""))
        #expect(seen.contentType == nil)
        #expect(seen.accept == nil)
        #expect(seen.authorization == nil)
    }

    @Test(
        arguments: [
            ("/a", "/a", ""), ("/a?", "/a", ""), ("/a?b?c", "/a", "b?c"), ("?b", "", "b"), ("/a??", "/a", "?"),
            ("*", "*", ""), ("", "", ""), ("//a/../b?/", "//a/../b", "/"),
        ]
    )
    func `the target is cut at its first question mark and otherwise left alone`(
        target: String,
        path: String,
        query: String
    ) throws {
        let seen = try seen(("REQUEST_URI", target))
        #expect(seen.path.text == path)
        #expect(seen.query.text == query)
    }

    @Test func `bytes that are no UTF-8 stay in the path and are replaced in fields`() throws {
        let seen = try seen(bytes: [("REQUEST_URI", [47, 0xFF]), ("HTTP_ACCEPT", [65, 0xFF])])
        #expect(seen.path == [47, 0xFF])
        #expect(seen.accept == "A\u{FFFD}")
    }

    @Test(arguments: ["get", "PURGE", "", "GET ", "CONNECT", "TRACE"])
    func `a method that nobody knows is none`(method: String) throws {
        #expect(try seen(("REQUEST_METHOD", method)).method == nil)
    }

    @Test(arguments: HTTPPipeline.Method.allCases)
    func `every method that is known is recognised`(method: HTTPPipeline.Method) throws {
        #expect(try seen(("REQUEST_METHOD", method.rawValue)).method == method)
    }

    @Test func `a body is read to its limit`() throws {
        #expect(try body("") == "")
        #expect(try body("{}") == "{}")
        let long = String(repeating: "x", count: 100_000)
        #expect(try body(long, limit: 100_000) == long)
        #expect(try body(String(long.prefix(50_000)), limit: 49_999) == "PAYLOAD_TOO_LARGE")
        #expect(try body("abc", limit: 2) == "PAYLOAD_TOO_LARGE")
    }

    @Test func `a body that is not as long as announced has broken off`() throws {
        #expect(try body("abc", announced: "4") == "MALFORMED_REQUEST")
        #expect(try body("abc", announced: "2") == "MALFORMED_REQUEST")
    }

    // MARK: - What goes out

    @Test func `a response is written as a CGI program writes it`() throws {
        var response = Response(.created, contentType: "application/json; charset=utf-8", body: Array("{}".utf8))
        response.add("Location", "/a")
        #expect(
            try written(response)
                == "Status: 201 Created\r\nContent-Type: application/json; charset=utf-8\r\nLocation: /a\r\n"
                + "Content-Length: 2\r\n\r\n{}"
        )
    }

    @Test(arguments: ["POST", "PURGE"])
    func `every method but HEAD gets the body`(method: String) throws {
        let response = Response(.ok, contentType: "text/plain", body: Array("abc".utf8))
        #expect(try written(response, method: method).hasSuffix("Content-Length: 3\r\n\r\nabc"))
    }

    @Test func `HEAD gets the length and no body`() throws {
        let response = Response(.ok, contentType: "text/plain", body: Array("abc".utf8))
        #expect(
            try written(response, method: "HEAD")
                == "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\n"
        )
    }

    @Test func `HEAD gets the length of an error too`() throws {
        let response = ErrorBody.envelope.response(for: .fault("x"), requestID: "request-1")
        let text = try written(response, method: "HEAD")
        #expect(text.hasPrefix("Status: 500 Internal Server Error\r\n"))
        #expect(text.hasSuffix("Content-Length: \(response.body.count)\r\n\r\n"))
    }

    @Test(arguments: [Status.noContent, Status(304, "Not Modified")])
    func `a status without content has no length, and no body even where one is there`(status: Status) throws {
        #expect(try written(Response(status)) == "Status: \(status.code) \(status.reason)\r\n\r\n")
        let wrong = Response(status, contentType: "text/plain", body: Array("abc".utf8))
        #expect(
            try written(wrong) == "Status: \(status.code) \(status.reason)\r\nContent-Type: text/plain\r\n\r\n"
        )
    }

    @Test func `an empty body has the length 0`() throws {
        #expect(try written(Response(.ok)) == "Status: 200 OK\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func `line breaks in a value do not begin another field`() throws {
        var response = Response(.ok)
        response.add("Location", "/a\r\nSet-Cookie: b\r\n\r\n<html>")
        #expect(
            try written(response)
                == "Status: 200 OK\r\nLocation: /a Set-Cookie: b  <html>\r\nContent-Length: 0\r\n\r\n"
        )
    }

    @Test func `a body of many records arrives whole`() throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 40_000)
        let text = try written(Response(.ok, contentType: "text/plain", body: long))
        #expect(text.hasSuffix("Content-Length: 40000\r\n\r\n" + long.text))
    }
}
