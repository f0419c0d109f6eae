import Database
import PostgreSQL
import PostgreSQLTestSupport
import Storage
import StorageTestSupport
import Testing

/// What PostgreSQL locks for each migration, and whether it writes a table anew: the server itself is asked.
@Suite struct MigrationLockTests {
    /// The locks by which nobody waits for the other, of who only looks.
    private static let unnoticed = ["AccessShareLock", "RowShareLock"]

    private static let modes: [String: TableLock.Mode] = [
        "RowExclusiveLock": .rowExclusive, "ShareUpdateExclusiveLock": .shareUpdateExclusive, "ShareLock": .share,
        "ShareRowExclusiveLock": .shareRowExclusive, "AccessExclusiveLock": .accessExclusive,
    ]

    /// Runs statements in a transaction that is rolled back.
    ///
    /// - Returns: the greatest lock of each table that existed before, and those that were written anew.
    private func look(
        at statements: [String],
        _ options: ConnectionOptions
    ) throws -> (locks: [TableLock], rewritten: [String]) {
        let connection = try Connection(options)
        var number = 0
        func ask(_ sql: String) throws -> StatementResult? {
            number += 1
            try connection.send(Statement("look \(number)", sql: sql))
            return try connection.exchange(timeout: .seconds(60)).last
        }
        let files = """
            SELECT relname, relfilenode::bigint FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') ORDER BY relname
            """
        func nodes() throws -> [String: Int64] {
            guard let rows = try ask(files) else { return [:] }
            var nodes: [String: Int64] = [:]
            for row in 0..<rows.rowCount { nodes[try rows.string(row, 0)] = try rows.int64(row, 1) }
            return nodes
        }
        let before = try nodes()
        _ = try ask("BEGIN")
        for statement in statements { _ = try ask(statement) }
        var greatest: [String: TableLock.Mode] = [:]
        if let rows = try ask(
            """
            SELECT relname, mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation
            WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relkind = 'r'
            AND relnamespace = 'public'::regnamespace
            """
        ) {
            for row in 0..<rows.rowCount {
                let (table, name) = (try rows.string(row, 0), try rows.string(row, 1))
                guard before[table] != nil, !Self.unnoticed.contains(name) else { continue }
                let mode = try #require(Self.modes[name])
                greatest[table] = max(greatest[table] ?? mode, mode)
            }
        }
        let after = try nodes()
        _ = try ask("ROLLBACK")
        return (
            greatest.map { TableLock(table: $0.key, mode: $0.value) }.sorted { $0.table < $1.table },
            before.keys.filter { after[$0] != nil && after[$0] != before[$0] }.sorted()
        )
    }

    @Test func `the server locks what the linter says, writes no table anew, and keeps waiting whom it may`() throws {
        let migrations = Schema.migrations + [Generation.nextContract]
        let told = MigrationLint.locks(in: migrations)
        let staged = try StagedDatabase(.postgreSQL, 0, migrations)
        let options = try #require(staged.server)
        for migration in migrations {
            let statements = migration.onPostgreSQL?.up ?? migration.up
            let found = try look(at: statements, options)
            #expect(found.locks == told[migration.id], "\(migration.name)")
            #expect(found.rewritten.isEmpty, "\(migration.name)")
            // What reads or writes rows under a lock that others wait for, they wait for as long as that takes.
            let isAccepted = migration.accepts[.blockingIndex] != nil
            #expect(isAccepted || !found.locks.contains { $0.mode == .share }, "\(migration.name)")
            try staged.migrate(to: migration.id, migrations)
        }
    }

    @Test func `who asks sees a table that is written anew`() throws {
        let options = try #require(try StagedDatabase(.postgreSQL, 9).server)
        let found = try look(at: ["ALTER TABLE users ALTER COLUMN version TYPE numeric"], options)
        #expect(found.locks == [TableLock(table: "users", mode: .accessExclusive)])
        #expect(found.rewritten.contains("users"))
    }
}
