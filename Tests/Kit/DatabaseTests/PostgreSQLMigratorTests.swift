import Database
import LinuxTestSupport
import PostgreSQL
import PostgreSQLTestSupport
import Synchronization
import Testing

struct PostgreSQLMigratorTests {
    private static let migrations = [
        Migration(
            id: 1,
            name: "create users",
            up: ["a text that only SQLite would read"],
            down: ["another"],
            onPostgreSQL: Migration.PostgreSQLScript(
                up: [
                    "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL)",
                    "CREATE INDEX users_name ON users (name)",
                ],
                down: ["DROP TABLE users"]
            )
        ),
        Migration(
            id: 2,
            name: "add users.email",
            up: ["ALTER TABLE users ADD COLUMN email text", "CREATE UNIQUE INDEX users_email ON users (email)"],
            down: ["DROP INDEX users_email", "ALTER TABLE users DROP COLUMN email"]
        ),
    ]

    private let options: ConnectionOptions

    init() throws {
        options = try ScratchServer.shared().makeDatabase()
    }

    private func session() throws -> DatabaseSession {
        DatabaseSession(PostgreSQLDatabase(options), registry: try StatementRegistry([]))
    }

    private func columns() throws -> [String] {
        let rows = try ScratchServer.run(
            """
            SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name <> 'schema_migrations'
            UNION ALL SELECT indexdef FROM pg_indexes
            WHERE schemaname = 'public' AND tablename <> 'schema_migrations' ORDER BY 1
            """,
            options
        )
        return try (0..<rows.rowCount).map { try rows.string($0, 0) }
    }

    @Test func `up, down and up again give the same schema`() throws {
        let session = try session()
        let migrator = try Migrator(Self.migrations)
        #expect(try session.schemaVersion() == 0)
        #expect(try migrator.up(in: session).map(\.id) == [1, 2])
        let first = try columns()
        #expect(first.count == 6)
        #expect(try session.schemaVersion() == 2)
        #expect(try migrator.status(in: session).map(\.standing) == [.applied, .applied])
        #expect(try migrator.up(in: session).isEmpty)
        #expect(try migrator.down(to: 0, in: session).map(\.id) == [2, 1])
        #expect(try columns().isEmpty)
        #expect(try migrator.up(in: session).map(\.id) == [1, 2])
        #expect(try columns() == first)
    }

    @Test func `what is recorded tells which text was run`() throws {
        let session = try session()
        let migrator = try Migrator(Self.migrations)
        try migrator.up(to: 1, in: session)
        let record = try #require(try migrator.status(in: session).first?.applied)
        #expect(record.name == "create users")
        #expect(record.checksum != Self.migrations[0].checksum)
        #expect(record.appliedAt > 1_700_000_000_000_000)
        var edited = Self.migrations
        edited[0] = Migration(id: 1, name: "create users", up: ["CREATE TABLE users ()"], down: ["DROP TABLE users"])
        #expect(throws: MigrationError.edited(id: 1, name: "create users")) {
            try Migrator(edited).up(in: session)
        }
    }

    @Test func `a step that fails leaves nothing`() throws {
        let session = try session()
        let broken = Migration(
            id: 3,
            name: "broken",
            up: ["CREATE TABLE a ()", "CREATE TABLE a ()"],
            down: ["DROP TABLE a"]
        )
        let error = try databaseError { _ = try Migrator(Self.migrations + [broken]).up(in: session) }
        #expect(error?.diagnosis.statement == "migration 3 broken")
        #expect(try session.schemaVersion() == 2)
        #expect(try columns().contains { $0.hasPrefix("a.") } == false)
    }

    @Test func `a step must not end its transaction`() throws {
        let session = try session()
        let ending = Migration(id: 3, name: "ending", up: ["COMMIT", "CREATE TABLE a ()"], down: ["DROP TABLE a"])
        #expect(throws: MigrationError.endedTransaction(id: 3, name: "ending")) {
            _ = try Migrator(Self.migrations + [ending]).up(in: session)
        }
        #expect(try session.schemaVersion() == 2)
    }

    @Test func `several migrators at once share the work`() throws {
        let applied = Atomic(0)
        let options = options
        try onThreads(4) { _ in
            do {
                let session = DatabaseSession(PostgreSQLDatabase(options), registry: try StatementRegistry([]))
                let done = try Migrator(Self.migrations).up(in: session)
                applied.add(done.count, ordering: .relaxed)
            } catch {
                Issue.record("\(error)")
            }
        }
        #expect(applied.load(ordering: .relaxed) == 2)
        #expect(try session().schemaVersion() == 2)
    }

    @Test func `a step lets go of its place in the queue, and comes through when the table is free`() throws {
        let session = try session()
        let migrator = try Migrator(Self.migrations)
        try migrator.up(to: 1, in: session)
        var forgotten = options
        // The server ends it after longer than a step waits for a lock.
        forgotten.idleTransactionTimeout = .milliseconds(2500)
        let holder = try Connection(forgotten)
        for sql in ["BEGIN", "SELECT count(*) FROM users"] { try holder.send(Statement(sql, sql: sql)) }
        _ = try holder.exchange(timeout: .seconds(60))
        #expect(try migrator.up(in: session).map(\.id) == [2])
        // Until here it was kept.
        holder.interrupter.interrupt()
    }
}
