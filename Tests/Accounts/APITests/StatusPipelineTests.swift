import HTTPPipeline
import Services
import Testing

@testable import API

/// Who is told how the pool is, and how much of it.
struct StatusPipelineTests {
    private struct NoContent: RequestContent {
        func field(_ name: FieldName) -> String? { nil }
        func withBody<Result>(limit: Int, _ body: (Span<UInt8>) throws -> Result) throws -> Result {
            let nothing: [UInt8] = []
            return try body(nothing.span)
        }
    }

    private let probes = FakeProbes()

    private func send(_ method: String, _ target: String, from address: String) -> Response {
        let pipeline = StatusPipeline(
            StatusPipeline.Sources(
                health: HealthService(probes: probes),
                details: { Array(#"{"version":"1.2.3"}"#.utf8) },
                pool: { Array(#"{"workers":[]}"#.utf8) },
                metrics: { Array("up 1\n".utf8) }
            ),
            isReader: { $0 == "127.0.0.1" },
            makeRequestID: { "made-here" }
        )
        let parts = target.split(separator: "?", maxSplits: 1).map { Array($0.utf8) }
        return pipeline.respond(
            to: Request(
                method: Method(rawValue: method),
                path: parts[0],
                query: parts.count == 2 ? parts[1] : [],
                remoteAddress: address,
                id: "",
                content: NoContent()
            )
        )
    }

    private func text(_ response: Response) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test func `the health is for everybody, its details are for readers`() {
        let checks = #""checks":{"database":"connected","cache":"connected","disk":"sufficient"}"#
        #expect(text(send("GET", "/health", from: "192.0.2.1")) == #"{"status":"healthy",\#(checks)}"#)
        let details = #"{"status":"healthy",\#(checks),"details":{"version":"1.2.3"}}"#
        #expect(text(send("GET", "/health", from: "127.0.0.1")) == details)
    }

    @Test(arguments: ["/status", "/metrics"], ["GET", "HEAD", "POST", "OPTIONS", "PURGE"])
    func `to others the rest does not exist`(path: String, method: String) {
        let response = send(method, path, from: "192.0.2.1")
        #expect(response.status == .notFound)
        #expect(response.field("Allow") == nil)
        #expect(text(response) == text(send(method, "/nothing", from: "192.0.2.1")))
    }

    @Test func `readers see the pool and the metrics`() {
        let pool = send("GET", "/status", from: "127.0.0.1")
        #expect(pool.status == .ok)
        #expect(pool.field("Content-Type") == "application/json; charset=utf-8")
        #expect(text(pool) == #"{"workers":[]}"#)
        let metrics = send("GET", "/metrics", from: "127.0.0.1")
        #expect(metrics.field("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        #expect(text(metrics) == "up 1\n")
        for path in ["/health", "/health/ready", "/health/live", "/status", "/metrics"] {
            let response = send("GET", path, from: "127.0.0.1")
            #expect(response.field("Cache-Control") == "no-store")
            #expect(response.field("Request-Id") == "made-here")
            #expect(response.field("API-Version") == "1")
        }
    }

    @Test func `an error is as it is everywhere`() {
        #expect(send("POST", "/health", from: "192.0.2.1").field("Allow") == "GET, HEAD, OPTIONS")
        #expect(send("GET", "/health?x=1", from: "192.0.2.1").status == .badRequest)
        #expect(send("GET", "/api/v1/users", from: "127.0.0.1").status == .notFound)
    }

    @Test func `what is missing makes it not ready, and alive all the same`() {
        probes.database = false
        #expect(send("GET", "/health", from: "192.0.2.1").status == .serviceUnavailable)
        #expect(send("GET", "/health/ready", from: "192.0.2.1").status == .serviceUnavailable)
        #expect(send("GET", "/health/live", from: "192.0.2.1").status == .ok)
    }
}
