import FastCGI
import HTTPPipeline
import JSON
import Linux
import Observability
import Stages
import Testing

struct AccessLogTests {
    private struct Unforeseen: Error {}

    private let log: LogReader
    private let waits: RequestWaits
    private let responder: FastCGIResponder

    init() throws {
        let log = try LogReader()
        let waits = RequestWaits()
        var router = Router<() throws -> Response>()
        router.add(.get, "/users/{id}") { Response(.ok, contentType: "text/plain", body: Array("abc".utf8)) }
        router.add(.post, "/users/{id}") { throw Unforeseen() }
        router.add(.delete, "/old/{id}", canonical: "/users/{id}") { Response(.noContent) }
        let stages = RequestIdentification(makeID: { "made-here" })
            .then(
                RequestObservation(
                    log: AccessLog(log.buffer, makeTraceID: { String(repeating: "7", count: 32) }),
                    waits: waits,
                    clock: WallClock()
                )
            )
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
        self.waits = waits
    }

    private func send(_ method: String, _ target: [UInt8], _ others: (String, String)...) throws {
        let hasID = others.contains { $0.0 == "REQUEST_ID" }
        let parameters = [
            ("REQUEST_METHOD", Array(method.utf8)), ("REQUEST_URI", target), ("REMOTE_ADDR", Array("192.0.2.7".utf8)),
        ]
        _ = try FastCGIExchange.run(
            parameters + (others + (hasID ? [] : [("REQUEST_ID", "request-1")])).map { ($0, Array($1.utf8)) },
            respond: { responder.respond(to: $0) }
        )
    }

    private func names(_ line: JSONObject) -> [String] { line.members.map(\.name) }

    @Test func `a line tells what was asked and what came of it`() throws {
        try send("GET", Array("/users/7?x=1".utf8))
        let line = try log.members()
        #expect(
            names(line) == [
                "ts", "level", "request_id", "trace_id", "method", "route", "path", "status", "bytes", "duration_us",
                "address", "user",
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
                "ts", "level", "request_id", "trace_id", "method", "path", "status", "bytes", "duration_us", "address",
                "error",
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
        guard case .string(let shown)? = line["path"] else {
            Issue.record("no path: \(line)")
            return
        }
        #expect(shown.utf8.count <= 512)
    }

    @Test(
        arguments: [
            ("/users/ada@example.com", "/users/*"), ("/users/ada%40example.com/x", "/users/*/x"),
            ("/sessions/gh_s_MDEyMzQ1Njc4", "/sessions/*"), ("/a b/c", "/*/c"), ("//users//", "//users//"),
            ("/users/0190f9f7-b8b8-7d28-aee7-e96c284a3670", "/users/0190f9f7-b8b8-7d28-aee7-e96c284a3670"),
            ("/openapi.json", "/openapi.json"), ("/", "/"), ("", ""),
        ]
    )
    func `a segment that could hold an address or a token is shown as a star`(path: String, shown: String) throws {
        try send("GET", Array(path.utf8))
        #expect(try log.members()["path"] == .string(shown))
    }

    @Test func `a long path is cut`() throws {
        try send("GET", Array(("/users/" + String(repeating: "x", count: 5000)).utf8))
        #expect(try log.members()["path"] == .string("/users/" + String(repeating: "x", count: 505)))
    }

    // MARK: - Traces

    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    @Test(
        arguments: [
            "00-\(trace)-00f067aa0ba902b7-01", "00-\(trace)-00f067aa0ba902b7-00", "cc-\(trace)-00f067aa0ba902b7-01",
            "cc-\(trace)-00f067aa0ba902b7-01-what-comes-later",
        ]
    )
    func `a trace that the client is in is taken over`(field: String) throws {
        try send("GET", Array("/users/7".utf8), ("HTTP_TRACEPARENT", field))
        #expect(try log.members()["trace_id"] == .string(Self.trace))
    }

    @Test(
        arguments: [
            "", "00", "ff-\(trace)-00f067aa0ba902b7-01", "00-\(trace)-00f067aa0ba902b7-01-more",
            "00-\(trace)-0000000000000000-01", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-\(trace)-00f067aa0ba902b7-0",
            "00-\(trace)-00f067aa0ba902b7-0g", "00_\(trace)_00f067aa0ba902b7_01", "cc-\(trace)-00f067aa0ba902b7-01x",
        ]
    )
    func `another gets a trace of its own`(field: String) throws {
        try send("GET", Array("/users/7".utf8), ("HTTP_TRACEPARENT", field))
        #expect(try log.members()["trace_id"] == .string(String(repeating: "7", count: 32)))
    }

    @Test func `the id of the request is the trace's where it can be`() throws {
        let id = "00d069f9f7b8b8cd28ee7e96c284a367"
        try send("GET", Array("/users/7".utf8), ("REQUEST_ID", id))
        #expect(try log.members()["trace_id"] == .string(id))
    }

    // MARK: - Times

    @Test func `the time in the queue is counted from when the web server had the request`() throws {
        let milliseconds = SystemClock.realtimeMicroseconds() / 1000 - 5000
        let time = "\(milliseconds / 1000)." + String("\(1000 + milliseconds % 1000)".dropFirst())
        try send("GET", Array("/users/7".utf8), ("REQUEST_TIME", time))
        guard case .integer(let queue)? = try log.members()["queue_us"] else {
            Issue.record("no time in the queue")
            return
        }
        #expect((5_000_000..<65_000_000).contains(queue))
    }

    @Test(arguments: [
        "", "soon", "1700000000", "1700000000,123", "-700000000.123", "99999999999999999.123", "170000.1234",
    ])
    func `a time that is none is left out`(time: String) throws {
        try send("GET", Array("/users/7".utf8), ("REQUEST_TIME", time))
        #expect(try log.members()["queue_us"] == nil)
    }

    // MARK: - Slow requests

    /// The line of a request that has waited in the handler, where everything counts as slow that takes a second.
    private func line(
        format: AccessLog.Format = .json,
        onlyProblems: Bool = false,
        receivedAt: Int64? = nil,
        path: String = "/users/7",
        _ wait: (RequestWaits) -> Void
    ) throws -> String? {
        let observation = RequestObservation(
            log: AccessLog(
                log.buffer,
                format: format,
                slow: 1_000_000_000,
                onlyProblems: onlyProblems,
                makeTraceID: { "trace" }
            ),
            waits: waits,
            clock: WallClock()
        )
        let request = HTTPPipeline.Request(
            method: .get,
            path: Array(path.utf8),
            remoteAddress: "192.0.2.7",
            id: "request-1",
            receivedAt: receivedAt,
            content: NoContent()
        )
        _ = try observation.respond(to: request) { request in
            request.record.route = "/users/{id}"
            wait(waits)
            return Response(.ok)
        }
        // One of another kind behind, so that there is something to read.
        log.buffer.append(Array("end\n".utf8))
        let lines = try log.lines()
        #expect(lines.last == "end")
        return lines.dropLast().first
    }

    private var longAgo: Int64 { SystemClock.realtimeMicroseconds() - 2_000_000 }

    private func members(_ line: String?) throws -> JSONObject {
        guard let line, case .object(let members) = try JSONReader.read(Array(line.utf8)) else {
            Issue.record("no object: \(line ?? "nothing")")
            return JSONObject()
        }
        return members
    }

    @Test func `a slow request tells all that it waited for`() throws {
        let line = try members(
            line(receivedAt: longAgo) { waits in
                waits.add(nanoseconds: 9_000_000_000, for: .writeLock)
                waits.add(statement: "users.insert", nanoseconds: 2_000_000)
                waits.add(statement: "sessions.insert", nanoseconds: 1_000_000)
                waits.add(nanoseconds: 4_000_000, for: .commit)
            }
        )
        #expect(line["level"] == .string("warning"))
        #expect(line["database_us"] == .integer(9_007_000))
        guard case .object(let slow)? = line["slow"] else {
            Issue.record("not slow: \(line)")
            return
        }
        #expect(
            slow.members.map(\.name) == [
                "mostly_for", "write_lock_us", "statements_us", "commit_us", "statement_count", "slowest_statement",
                "slowest_statement_us",
            ]
        )
        #expect(slow["mostly_for"] == .string("write_lock"))
        #expect(slow["statement_count"] == .integer(2))
        #expect(slow["slowest_statement"] == .string("users.insert"))
        #expect(slow["slowest_statement_us"] == .integer(2000))
    }

    @Test func `what was waited for most is named`() throws {
        let causes: [(RequestWaits.Cause, String)] = [
            (.writeLock, "write_lock"), (.statements, "statements"), (.commit, "commit"), (.hashPermit, "hash_permit"),
            (.hash, "hash"),
        ]
        for (cause, name) in causes {
            let line = try members(line(receivedAt: longAgo) { $0.add(nanoseconds: 9_000_000_000, for: cause) })
            guard case .object(let slow)? = line["slow"] else {
                Issue.record("not slow: \(line)")
                continue
            }
            #expect(slow["mostly_for"] == .string(name))
        }
        guard case .object(let slow)? = try members(line(receivedAt: longAgo) { _ in })["slow"] else {
            Issue.record("not slow")
            return
        }
        #expect(slow["mostly_for"] == .string("queue"))
    }

    @Test func `what one request has waited for is not told of the next`() throws {
        _ = try line { $0.add(statement: "users.insert", nanoseconds: 5_000_000) }
        let line = try members(line { _ in })
        #expect(line["database_us"] == nil)
        #expect(line["slow"] == nil)
        #expect(line["level"] == .string("info"))
    }

    @Test func `where only problems are told, what goes well is not`() throws {
        #expect(try line(onlyProblems: true) { _ in } == nil)
        #expect(try line(onlyProblems: true, receivedAt: longAgo) { _ in } != nil)
    }

    @Test func `a line for people has the same in words`() throws {
        let line = try #require(
            try line(format: .text, receivedAt: longAgo, path: "/users/ada@example.com") { waits in
                waits.add(statement: "users.by_id", nanoseconds: 1_234_000)
            }
        )
        let words = line.split(separator: "  ").map(String.init)
        #expect(RFC3339.microseconds(words[0]) != nil)
        #expect(Array(words[1...3]) == ["warning", "GET /users/*", "200"])
        #expect(words.contains("database 1.234 ms"))
        #expect(words.contains("from 192.0.2.7"))
        #expect(words.contains("request request-1"))
        #expect(words.contains("trace trace"))
        #expect(words.last == "slow: mostly for queue, slowest statement users.by_id 1.234 ms")
    }
}
