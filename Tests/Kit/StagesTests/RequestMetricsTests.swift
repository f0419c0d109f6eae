import Database
import HTTPPipeline
import LinuxTestSupport
import MetricsTestSupport
import Observability
import SharedMemory
import Stages
import Testing

struct RequestMetricsTests {
    private let directory: TemporaryDirectory
    private let registry: MetricRegistry
    private let waits = RequestWaits()

    init() throws {
        directory = try TemporaryDirectory()
        var layout = SegmentLayout(version: 1)
        let parts = try MetricRegistry.Parts(in: &layout)
        let name = try SegmentName(program: "metrics", directory: directory.path, in: directory.path)
        registry = try MetricRegistry(try SharedSegment.open(name, layout: layout), parts)
    }

    private func metrics() throws -> MetricsReader {
        var text = MetricsText()
        registry.write(to: &text)
        return try MetricsReader(text.bytes)
    }

    private func send(_ statuses: [Status], route: Int?, receivedAt: Int64? = nil, limit: String? = nil) throws {
        let observation = RequestObserver(log: nil, metrics: (registry, "shop", ["a", "b"]), waits: waits)
            .observation(of: [("GET", "/orders"), ("POST", "/orders/{id}")])
        for status in statuses {
            let request = HTTPPipeline.Request(
                method: .get,
                path: Array("/orders/7".utf8),
                remoteAddress: "192.0.2.7",
                id: "request-1",
                receivedAt: receivedAt,
                content: NoContent()
            )
            _ = try observation.respond(to: request) { request in
                request.record.routeNumber = route
                if let limit {
                    request.record.quotas = ["a", limit].map { Quota(policy: $0, name: $0, remaining: 0, reset: 1) }
                }
                return Response(status)
            }
        }
    }

    @Test func `requests are counted by route and status`() throws {
        try send([.ok, .ok, .notFound], route: 0)
        try send([.created, Status(299, "Odd")], route: 1)
        try send([.notFound], route: nil)
        let metrics = try metrics()
        func count(_ method: String, _ route: String, _ status: String) -> Double? {
            metrics.value("shop_requests_total", ["method": method, "route": route, "status": status])
        }
        #expect(count("GET", "/orders", "200") == 2)
        #expect(count("GET", "/orders", "404") == 1)
        #expect(count("POST", "/orders/{id}", "201") == 1)
        #expect(count("POST", "/orders/{id}", "0") == 1)
        #expect(count("other", "none", "404") == 1)
        #expect(metrics.sum("shop_requests_total") == 6)
        #expect(metrics.sum("shop_request_duration_seconds_count") == 6)
        #expect(metrics.sum("shop_request_queue_seconds_count") == 0)
    }

    @Test func `what was waited in the queue has a histogram of its own`() throws {
        try send([.ok], route: 0, receivedAt: 1)
        let metrics = try metrics()
        let labels = ["method": "GET", "route": "/orders"]
        #expect(metrics.value("shop_request_queue_seconds_count", labels) == 1)
        #expect(try #require(metrics.value("shop_request_queue_seconds_sum", labels)) > 1_000_000_000)
    }

    @Test func `a refusal is counted for the limit that refused`() throws {
        try send([.tooManyRequests, .tooManyRequests], route: 0, limit: "b")
        try send([.ok], route: 0, limit: "b")
        try send([.tooManyRequests], route: 0, limit: "of another")
        let metrics = try metrics()
        #expect(metrics.value("shop_limit_refusals_total", ["limit": "b"]) == 2)
        #expect(metrics.sum("shop_limit_refusals_total") == 2)
    }

    // MARK: - Statements

    private static let insert = StatementDefinition(
        "things.insert",
        writes: ["things"],
        sql: "INSERT INTO things (name) VALUES (?1)"
    )
    private static let list = StatementDefinition(
        "things.list",
        reads: ["things"],
        sql: "SELECT name FROM things ORDER BY id"
    )

    /// A session on a database with one table, whose statements all count as slow.
    private func session(slow: Int64) throws -> (DatabaseSession, DatabaseMeasurement) {
        let path = directory.file("things.db")
        _ = try Shell.run("sqlite3 '\(path)' 'CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT) STRICT'")
        let statements = try StatementRegistry([Self.insert, Self.list])
        let session = try DatabaseSession(DatabaseOptions(path: path), registry: statements)
        let measurement = DatabaseMeasurement(
            waits: waits,
            metrics: DatabaseMetrics(registry, prefix: "shop", statements: statements),
            slow: slow
        )
        session.costObserver = measurement
        return (session, measurement)
    }

    @Test func `statements are counted by id, with locks and commits, and told to the request`() throws {
        let (session, measurement) = try session(slow: .max)
        waits.begin()
        try session.write { transaction in
            try transaction.execute(Self.insert, "one")
            try transaction.execute(Self.insert, "two")
        }
        #expect(try session.rows(Self.list) { try $0.string(0) } == ["one", "two"])
        let metrics = try metrics()
        func count(_ statement: String) -> Double? {
            metrics.value("shop_statement_duration_seconds_count", ["statement": statement])
        }
        #expect(count("things.insert") == 2)
        #expect(count("things.list") == 1)
        #expect(metrics.value("shop_write_lock_wait_seconds_count") == 1)
        #expect(metrics.value("shop_commit_duration_seconds_count") == 1)
        #expect(waits.statements == 3)
        #expect(waits.nanoseconds(for: .statements) > 0)
        #expect(waits.nanoseconds(for: .commit) > 0)
        #expect(waits.database >= waits.nanoseconds(for: .statements) + waits.nanoseconds(for: .commit))
        #expect(measurement.takeSlowStatements(of: session).isEmpty)
    }

    @Test func `a statement that fails is counted too`() throws {
        let (session, _) = try session(slow: .max)
        #expect(throws: DatabaseError.self) {
            try session.write { try $0.execute(Self.insert, [UInt8]([1, 2])) }
        }
        #expect(try metrics().sum("shop_statement_duration_seconds_count") == 1)
    }

    @Test func `slow statements are told with their plan, once in a while`() throws {
        let (session, measurement) = try session(slow: 0)
        _ = try session.write { try $0.execute(Self.insert, "one") }
        for _ in 0..<10 { _ = try session.rows(Self.list) { try $0.string(0) } }
        let slow = measurement.takeSlowStatements(of: session)
        #expect(slow.map(\.id) == ["things.insert", "things.list"])
        #expect(slow.last?.plan == ["SCAN things"])
        #expect(slow.allSatisfy { $0.nanoseconds >= 0 })
        _ = try session.rows(Self.list) { try $0.string(0) }
        #expect(measurement.takeSlowStatements(of: session).isEmpty)
    }
}
