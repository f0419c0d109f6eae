import Database
import Linux
import LinuxTestSupport
import MigrationTestSupport
import PostgreSQL
import PostgreSQLTestSupport
import Testing

/// Indexes that are built on PostgreSQL while their tables are in use.
struct ConcurrentIndexTests {
    private let options: ConnectionOptions

    init() throws {
        options = try ScratchServer.shared().makeDatabase()
        try Migrator(NoteMigrations.all).up(to: 2, in: try session())
    }

    private func session() throws -> DatabaseSession {
        DatabaseSession(PostgreSQLDatabase(options), registry: try StatementRegistry([]))
    }

    private func isValid() throws -> Bool? {
        let rows = try ScratchServer.run(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('notes_text')",
            options
        )
        return try rows.rowCount == 0 ? nil : rows.int64(0, 0) != 0
    }

    /// A connection in a transaction that keeps an index from being built.
    private func holder() throws -> Connection {
        var patient = options
        patient.idleTransactionTimeout = .seconds(120)
        let holder = try Connection(patient)
        for sql in ["BEGIN", "UPDATE notes SET text = text || '!' WHERE id = 1"] {
            try holder.send(Statement(sql, sql: sql))
        }
        _ = try holder.exchange(timeout: .seconds(60))
        return holder
    }

    private func commit(_ holder: borrowing Connection) throws {
        try holder.send(Statement("commit", sql: "COMMIT"))
        _ = try holder.exchange(timeout: .seconds(60))
    }

    /// The backend that waits while it builds the index.
    private func builder() throws -> Int64? {
        let rows = try ScratchServer.run(
            """
            SELECT pid FROM pg_stat_activity WHERE datname = current_database()
            AND query LIKE 'CREATE UNIQUE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'
            """,
            options
        )
        return try rows.rowCount == 0 ? nil : rows.int64(0, 0)
    }

    @Test func `it waits for who writes, longer than any limit, and nobody waits for it`() throws {
        let holder = try holder()
        let migrator = try MigratedDatabase.startProbe("up", options)
        try eventually("the index waits") { try builder() != nil }
        // Others read and write meanwhile, longer than a statement or a lock may take elsewhere.
        let end = ContinuousClock.now + .milliseconds(3500)
        while ContinuousClock.now < end {
            try ScratchServer.run("UPDATE notes SET text = text || '.' WHERE id = 2", options)
            try ScratchServer.run("SELECT count(*) FROM notes", options)
        }
        #expect(try isValid() == false)
        try commit(holder)
        #expect(try ChildProcess.wait(for: migrator) == .exited(0))
        #expect(try isValid() == true)
    }

    @Test func `what a migrator leaves that was killed is dropped and built again`() throws {
        let holder = try holder()
        let migrator = try MigratedDatabase.startProbe("up", options)
        try eventually("the index waits") { try builder() != nil }
        ChildProcess.send(.kill, to: migrator)
        #expect(try ChildProcess.wait(for: migrator) == .killed(signal: 9))
        // The server looks for its client, and ends the work of one that is gone.
        try eventually("the work has ended") { try builder() == nil }
        #expect(try isValid() == false)
        #expect(try Migrator(NoteMigrations.all).status(in: try session())[2].standing == .underway)
        try commit(holder)
        #expect(try Migrator(NoteMigrations.all).up(in: try session()).map(\.id) == [3, 4, 5])
        #expect(try isValid() == true)
    }

    @Test func `an invalid index that somebody else has left is dropped and built again`() throws {
        try ScratchServer.run("UPDATE notes SET text = 'same' WHERE id IN (1, 2)", options)
        #expect(throws: PostgreSQLError.self) {
            try ScratchServer.run("CREATE UNIQUE INDEX CONCURRENTLY notes_text ON notes (text)", options)
        }
        #expect(try isValid() == false)
        #expect(try Migrator(NoteMigrations.all).up(to: 3, in: try session()).map(\.id) == [3])
        #expect(try isValid() == true)
    }

    @Test func `a whole index that somebody else has built is not guessed about`() throws {
        try ScratchServer.run("CREATE INDEX notes_text ON notes (id)", options)
        let error = MigrationError.indexExists(id: 3, name: "find notes by their text", index: "notes_text")
        #expect(throws: error) { try Migrator(NoteMigrations.all).up(in: try session()) }
        #expect(try Migrator(NoteMigrations.all).status(in: try session())[2].standing == .pending)
        try ScratchServer.run("DROP INDEX notes_text", options)
        #expect(try Migrator(NoteMigrations.all).up(to: 3, in: try session()).map(\.id) == [3])
    }

    @Test func `where rows forbid it nothing of it stays, and the next try goes on`() throws {
        let strict = ConcurrentIndex("notes_text", on: "notes", "length(text)", isUnique: true)
        let migrations = NoteMigrations.all.prefix(2) + [Migration(id: 3, name: "tell lengths apart", index: strict)]
        let migrator = try Migrator(Array(migrations))
        let error = try databaseError { _ = try migrator.up(in: try session()) }
        #expect(error?.diagnosis.statement == "migration 3 tell lengths apart")
        #expect(error?.diagnosis.code == "23505")
        // An invalid index that is unique would refuse rows.
        #expect(try isValid() == nil)
        #expect(try migrator.status(in: try session())[2].standing == .underway)
        try ScratchServer.run("DELETE FROM notes WHERE id > 1", options)
        #expect(try migrator.up(in: try session()).map(\.id) == [3])
        #expect(try migrator.down(steps: 1, in: try session()).map(\.id) == [3])
        #expect(try isValid() == nil)
    }
}
