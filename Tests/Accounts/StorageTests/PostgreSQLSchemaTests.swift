import Database
import Domain
import LinuxTestSupport
import PostgreSQL
import PostgreSQLTestSupport
import Storage
import StorageTestSupport
import Synchronization
import TestSupport
import Testing

/// The schema on PostgreSQL, and what the repositories need of it.
@Suite struct PostgreSQLSchemaTests {
    @Test func `up, down and up again gives the same schema`() throws {
        let scratch = try ScratchPostgreSQL()
        let migrator = try Schema.migrator()
        let first = try dump(scratch)
        _ = try migrator.down(to: 0, in: scratch.session)
        #expect(try dump(scratch).isEmpty)
        _ = try migrator.up(in: scratch.session)
        #expect(try dump(scratch) == first)
    }

    @Test func `both engines have the same tables, columns and names of indexes`() throws {
        let columns = StatementDefinition(
            "test.columns",
            sql: """
                SELECT t.name || '.' || c.name FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c
                WHERE t.type = 'table' AND t.name <> 'schema_migrations' ORDER BY 1
                """
        )
        let indexes = StatementDefinition(
            "test.indexes",
            sql: "SELECT name FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE 'sqlite%' ORDER BY 1"
        )
        let sqlite = try ScratchDatabase()
        let session = try DatabaseSession(sqlite.options, registry: try StatementRegistry([columns, indexes]))
        let scratch = try ScratchPostgreSQL()
        let there = try texts(
            """
            SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name <> 'schema_migrations' ORDER BY 1
            """,
            scratch
        )
        // Where events wait for their numbers, and what hosts tell each other.
        let own = ["new_events.", "committed_changes.", "leases."]
        let shared = there.filter { column in !own.contains { column.hasPrefix($0) } }
        #expect(try session.rows(columns) { try $0.string(0) }.sorted() == shared.sorted())
        let indexesThere = try texts(
            "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey'",
            scratch
        )
        // The one that SQLite has at the end of the unique index.
        let different = Set(indexesThere).symmetricDifference(try session.rows(indexes) { try $0.string(0) })
        #expect(different == ["users_email_folded_id", "committed_changes_transaction"])
    }

    @Test func `every statement fits the schema`() throws {
        let scratch = try ScratchPostgreSQL()
        let connection = try Connection(scratch.database.options)
        // What takes a lock is no statement that SQL itself can prepare.
        for definition in scratch.registry.definitions where !definition.postgreSQL.hasPrefix("LOCK") {
            try connection.send(Statement("prepare \(definition.id)", sql: "PREPARE one AS \(definition.postgreSQL)"))
            try connection.send(Statement("release", sql: "DEALLOCATE one"))
            do {
                _ = try connection.exchange(timeout: .seconds(60))
            } catch {
                Issue.record("\(definition.id): \(error)")
            }
        }
    }

    @Test func `every plan is as declared`() throws {
        let scratch = try ScratchPostgreSQL()
        let violations = try scratch.registry.planViolations(in: scratch.session)
        #expect(violations.isEmpty, "\(violations)")
    }

    @Test(arguments: [
        "users_email_folded_id", "users_created_at", "users_updated_at", "users_name_folded", "users_role_created_at",
        "users_status_created_at", "users_role_status_created_at",
        "sessions_token_digest", "sessions_user_id", "sessions_expires_at", "api_keys_token_digest", "api_keys_user_id",
        "api_keys_expires_at", "receipts_request", "receipts_client", "receipts_expires_at",
        "confirmations_token_digest", "confirmations_user_id", "confirmations_email_folded", "confirmations_expires_at",
        "held_events_due_at", "held_events_subject", "audit_chain_occurred_at", "audit_chain_type",
        "audit_chain_subject",
        "audit_chain_actor_id", "committed_changes_transaction",
    ])
    func `without one of the indexes the check goes red`(index: String) throws {
        let scratch = try ScratchPostgreSQL()
        try ScratchServer.run("DROP INDEX \(index)", scratch.database.options)
        #expect(try !scratch.registry.planViolations(in: scratch.session).isEmpty)
    }

    @Test func `a change with its receipt takes one round trip`() throws {
        let session = try ScratchPostgreSQL().session
        #expect(try roundTripsOfSecondChange(in: session) == 1)
    }

    @Test func `who asks a second time is answered as the first time, though the change cannot be made any more`()
        throws
    {
        let unitOfWork = SQLUnitOfWork(try ScratchPostgreSQL().session)
        func create(_ user: User, _ answer: String, request: UInt8) throws -> String {
            let answering = Answering<Void, String>(once: .fixture(request)) { answer }
            return try unitOfWork.perform(answering) { try $0.users.insert(user, passwordHash: nil) }
        }
        #expect(try create(.fixture(1), "first", request: 1) == "first")
        #expect(try create(.fixture(1), "second", request: 1) == "first")
        let same = User.fixture(2, email: "user1@example.com")
        #expect(throws: DomainError.conflict("email")) { try create(same, "third", request: 2) }
        #expect(try unitOfWork.read { try $0.users.count() } == 1)
    }

    @Test func `changes side by side are not in each other's way`() throws {
        let scratch = try ScratchPostgreSQL(log: ChangeLog.commits)
        let (database, registry) = (scratch.database, scratch.registry)
        let errors = Mutex<[String]>([])
        try onThreads(8) { number in
            do {
                let unitOfWork = SQLUnitOfWork(DatabaseSession(database, registry: registry))
                for step in 0..<25 {
                    let key = UInt8(number * 25 + step)
                    let answering = Answering<Void, String>(once: .fixture(key)) { "made" }
                    _ = try unitOfWork.perform(answering) { transaction in
                        try transaction.users.insert(.fixture(UInt64(key)), passwordHash: nil)
                    }
                }
            } catch {
                errors.withLock { $0.append("\(error)") }
            }
        }
        #expect(errors.withLock { $0 } == [])
        #expect(try SQLUnitOfWork(scratch.session).read { try $0.users.count() } == 200)
        let lost = try ScratchServer.run(
            "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()",
            database.options
        )
        #expect(try lost.int64(0, 0) == 0)
    }

    private func texts(_ sql: String, _ scratch: ScratchPostgreSQL) throws -> [String] {
        let rows = try ScratchServer.run(sql, scratch.database.options)
        return try (0..<rows.rowCount).map { try rows.string($0, 0) }
    }

    private func dump(_ scratch: ScratchPostgreSQL) throws -> [String] {
        try texts(
            """
            SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
                   || coalesce(collation_name, '')
            FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'schema_migrations'
            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'schema_migrations'
            UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND conrelid <> 'schema_migrations'::regclass
            ORDER BY 1
            """,
            scratch
        )
    }
}
