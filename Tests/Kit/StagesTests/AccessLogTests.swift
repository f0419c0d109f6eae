import FastCGI
import HTTPPipeline
import JSON
import Stages
import Testing

struct AccessLogTests {
    private struct Unforeseen: Error {}

    private let log: LogReader
    private let responder: FastCGIResponder

    init() throws {
        let log = try LogReader()
        var router = Router<() throws -> Response>()
        router.add(.get, "/users/{id}") { Response(.ok, contentType: "text/plain", body: Array("abc".utf8)) }
        router.add(.post, "/users/{id}") { throw Unforeseen() }
        router.add(.delete, "/old/{id}", canonical: "/users/{id}") { Response(.noContent) }
        let stages = RequestIdentification(makeID: { "made-here" })
            .then(AccessLog(log.buffer))
            .then(ErrorRendering { _ in nil })
            .then(Routing(router))
        responder = FastCGIResponder { request in
            do {
                return try stages.respond(to: request) { routed in
                    routed.request.record.caller = "user-7"
                    return try routed.endpoint()
                }
            } catch {
                Issue.record(error)
                return Response(.internalServerError)
            }
        }
        self.log = log
    }

    private func send(_ method: String, _ target: [UInt8], _ others: (String, String)...) throws {
        let parameters = [
            ("REQUEST_METHOD", Array(method.utf8)), ("REQUEST_URI", target), ("REMOTE_ADDR", Array("192.0.2.7".utf8)),
            ("REQUEST_ID", Array("request-1".utf8)),
        ]
        _ = try FastCGIExchange.run(
            parameters + others.map { ($0, Array($1.utf8)) },
            respond: responder.respond(to:)
        )
    }

    private func names(_ line: JSONObject) -> [String] { line.members.map(\.name) }

    @Test func `a line tells what was asked and what came of it`() throws {
        try send("GET", Array("/users/7?x=1".utf8))
        let line = try log.members()
        #expect(
            names(line) == [
                "ts", "level", "request_id", "method", "route", "path", "status", "bytes", "duration_us", "address",
                "user",
            ]
        )
        #expect(line["level"] == .string("info"))
        #expect(line["request_id"] == .string("request-1"))
        #expect(line["method"] == .string("GET"))
        #expect(line["route"] == .string("/users/{id}"))
        #expect(line["path"] == .string("/users/7"))
        #expect(line["status"] == .integer(200))
        #expect(line["bytes"] == .integer(3))
        #expect(line["address"] == .string("192.0.2.7"))
        #expect(line["user"] == .string("user-7"))
        guard case .string(let time) = line["ts"], case .integer(let duration) = line["duration_us"] else {
            Issue.record("no times: \(line)")
            return
        }
        #expect(RFC3339.microseconds(time) != nil)
        #expect((0..<60_000_000).contains(duration))
    }

    @Test func `query, header fields and bodies are never in a line`() throws {
        try send(
            "GET",
            Array("/users/7?token=secret-1".utf8),
            ("HTTP_AUTHORIZATION", "Bearer secret-2"),
            ("HTTP_COOKIE", "secret-3"),
            ("HTTP_USER_AGENT", "secret-4"),
            ("QUERY_STRING", "token=secret-1")
        )
        let line = try log.line()
        #expect(!line.contains("secret"))
        #expect(!line.contains("abc"))
    }

    @Test func `the canonical pattern is the route`() throws {
        try send("DELETE", Array("/old/7".utf8))
        #expect(try log.members()["route"] == .string("/users/{id}"))
    }

    @Test func `a request without route and with an unknown method is told too`() throws {
        try send("PURGE", Array("/nobody".utf8))
        let line = try log.members()
        #expect(
            names(line) == [
                "ts", "level", "request_id", "method", "path", "status", "bytes", "duration_us", "address", "error",
            ]
        )
        #expect(line["level"] == .string("info"))
        #expect(line["method"] == .string("other"))
        #expect(line["status"] == .integer(404))
        #expect(line["error"] == .string("NOT_FOUND"))
    }

    @Test func `a fault is told as an error with its story`() throws {
        try send("POST", Array("/users/7".utf8))
        let line = try log.members()
        #expect(line["level"] == .string("error"))
        #expect(line["status"] == .integer(500))
        #expect(line["error"] == .string("INTERNAL"))
        guard case .string(let fault) = line["fault"] else {
            Issue.record("no fault: \(line)")
            return
        }
        #expect(fault.contains("Unforeseen"))
    }

    @Test(
        arguments: [
            Array("/\"}\\".utf8), Array("/a\nb\r\tc".utf8), [47, 0xFF, 0xC0, 0x80], [47, 1, 31, 127], [],
            [47] + [UInt8](repeating: 0xE2, count: 600), Array("/\u{2028}\u{1F600}".utf8),
        ] as [[UInt8]]
    )
    func `whatever stands in a path, a line is one line of JSON`(path: [UInt8]) throws {
        try send("GET", path)
        let line = try log.members()
        #expect(line["path"] == .string(String(decoding: path.prefix(512), as: UTF8.self)))
    }

    @Test func `a long path is cut`() throws {
        try send("GET", Array(("/users/" + String(repeating: "x", count: 5000)).utf8))
        #expect(try log.members()["path"] == .string("/users/" + String(repeating: "x", count: 505)))
    }
}
