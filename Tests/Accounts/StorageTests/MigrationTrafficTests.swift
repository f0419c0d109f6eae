import Database
import Domain
import Linux
import LinuxTestSupport
import PostgreSQLTestSupport
import Storage
import StorageTestSupport
import Synchronization
import TestSupport
import Testing

/// Programs write and read while each step of the schema is taken.
///
/// With `CHAOS_SECONDS` the table has 200,000 rows, and it is printed how long the one who waited longest has waited.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct MigrationTrafficTests {
    private static let isLong = ThisProcess.environmentVariables()["CHAOS_SECONDS"] != nil

    /// How long those who write or read have waited, over all threads.
    private final class Ledger: Sendable {
        let isDone = Atomic(false)
        private let calls = Mutex<[String: [Duration]]>([:])
        private let failures = Mutex<[String]>([])

        func guarding(_ work: () throws -> Void) {
            do { try work() } catch { failures.withLock { $0.append("\(error)") } }
        }

        func note(_ kind: String, _ work: () throws -> Void) {
            let start = ContinuousClock.now
            guarding(work)
            let duration = start.duration(to: .now)
            calls.withLock { $0[kind, default: []].append(duration) }
        }

        var errors: [String] { failures.withLock { $0 } }

        func count(_ kind: String) -> Int { calls.withLock { $0[kind]?.count ?? 0 } }

        func told(_ kind: String) -> String {
            let all = calls.withLock { $0[kind] ?? [] }
            let longest = (all.max() ?? .zero) / .milliseconds(1)
            return "\(all.count) \(kind), the longest \(Double(Int(longest * 10)) / 10) ms"
        }
    }

    private func fill(_ staged: StagedDatabase, _ dialect: SQLDialect) throws {
        let count = Self.isLong ? 200_000 : 2_000
        let numbers =
            dialect == .sqlite
            ? "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < \(count)) "
            : ""
        let source = dialect == .sqlite ? "n" : "generate_series(1, \(count)) AS n"
        let insertion = StatementDefinition(
            "test.fill",
            writes: ["webhook_deliveries"],
            sql: """
                \(numbers)INSERT INTO webhook_deliveries (
                    webhook_id, sequence, event_id, type, attempt, attempted_at, status, milliseconds, outcome, reason
                ) SELECT id, n, id, 'user.created.v1', 1, n, 200, 7, 'delivered', '' FROM webhooks, \(source)
                """
        )
        let webhooks = try staged.session(try Statements.registry(for: dialect).definitions)
        try SQLUnitOfWork(webhooks).perform { try $0.webhooks.insert(.fixture(1), sealedSecret: [1]) }
        _ = try staged.session([insertion]).write { try $0.execute(insertion) }
    }

    /// Two threads write and two read, from before the work to after it.
    private func load(
        _ ledger: Ledger,
        _ generation: @escaping @Sendable () throws -> Generation,
        beside work: @escaping @Sendable () throws -> Void
    ) throws {
        @Sendable func waitForTraffic() throws {
            let (writes, reads) = (ledger.count("writes") + 20, ledger.count("reads") + 20)
            try eventually("there is traffic") {
                !ledger.errors.isEmpty || (ledger.count("writes") >= writes && ledger.count("reads") >= reads)
            }
        }
        try onThreads(5) { number in
            ledger.guarding {
                guard number > 0 else {
                    defer { ledger.isDone.store(true, ordering: .relaxed) }
                    try waitForTraffic()
                    try work()
                    return try waitForTraffic()
                }
                let program = try generation()
                var sequence = Int64(number)
                while !ledger.isDone.load(ordering: .relaxed) {
                    sequence += 4
                    if number.isMultiple(of: 2) {
                        ledger.note("writes") { try program.write(sequence, 5_000) }
                    } else {
                        ledger.note("reads") { _ = try program.newest() }
                    }
                    // As clients do, and so that what is measured is no processor that all want.
                    _ = Semaphore(permits: 0).wait(nanoseconds: 2_000_000)
                }
            }
        }
    }

    @Test(arguments: SQLDialect.allCases)
    func `who writes and who reads goes on while each step is taken`(dialect: SQLDialect) throws {
        let migrations = Schema.migrations + [Generation.nextContract]
        let staged = try StagedDatabase(dialect, ReleasedStatements.version)
        try fill(staged, dialect)
        for migration in migrations where migration.id > ReleasedStatements.version {
            let ledger = Ledger()
            try load(
                ledger,
                {
                    switch migration.id {
                    // Up to where there is room for the new column.
                    case ...11: try Generation.released(staged, dialect)
                    case Generation.nextContract.id: try Generation.next(staged)
                    default: try Generation.present(staged, dialect)
                    }
                },
                beside: { try staged.migrate(to: migration.id, migrations) }
            )
            let errors = ledger.errors
            #expect(errors.isEmpty, "\(migration.name): \(errors.count), such as \(errors.first ?? "")")
            if Self.isLong {
                let engine = dialect == .sqlite ? "SQLite" : "PostgreSQL"
                print("migration \(migration.id) on \(engine): \(ledger.told("writes")); \(ledger.told("reads"))")
            }
        }
    }
}
