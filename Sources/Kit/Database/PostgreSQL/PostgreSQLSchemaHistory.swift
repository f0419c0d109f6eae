internal import Linux
internal import PostgreSQL

/// The history of a schema on PostgreSQL.
///
/// Migrators keep each other away by an advisory lock, for which they ask again and again: one that waits for it inside the
/// server holds a snapshot, and an index that is built concurrently would wait for that. A step waits two seconds at most
/// for the lock of a table, as all who come behind it in the queue wait too, and then tries again after a pause.
struct PostgreSQLSchemaHistory: SchemaHistory {
    /// How often a step asks for its locks.
    private static let attempts = 10
    /// For how long a migrator waits for another one.
    private static let patience: Int64 = 600_000_000_000
    /// What migrators of all programs with this table agree on: "schema m".
    private static let lock: Int64 = 0x7363_6865_6d61_206d

    private let engine: PostgreSQLEngine

    init(_ engine: PostgreSQLEngine) {
        self.engine = engine
    }

    var dialect: SQLDialect { .postgreSQL }

    func read() throws -> [Int: MigrationRecord] {
        guard try exists() else { return [:] }
        let answer = try ask("SELECT id, name, checksum, applied_at, duration_ms FROM schema_migrations")
        var records: [Int: MigrationRecord] = [:]
        for row in 0..<answer.rowCount {
            let record = MigrationRecord(
                id: Int(try answer.int64(row, 0)),
                name: try answer.string(row, 1),
                checksum: try answer.string(row, 2),
                appliedAt: try answer.int64(row, 3),
                milliseconds: try answer.int64(row, 4)
            )
            records[record.id] = record
        }
        return records
    }

    func version() throws -> Int {
        guard try exists() else { return 0 }
        return Int(try ask("SELECT coalesce(max(id), 0) FROM schema_migrations").int64(0, 0))
    }

    func underway() throws -> MigrationUnderway? {
        guard try exists(MigrationUnderway.table) else { return nil }
        let answer = try ask(MigrationUnderway.reading)
        guard answer.rowCount > 0 else { return nil }
        return MigrationUnderway(
            id: Int(try answer.int64(0, 0)),
            name: try answer.string(0, 1),
            checksum: try answer.string(0, 2),
            rows: Int(try answer.int64(0, 3)),
            total: Int(try answer.int64(0, 4))
        )
    }

    func number(_ sql: String) throws -> Int64 { try ask(sql).int64(0, 0) }

    var indexBuilder: (any IndexBuilder)? { PostgreSQLIndexBuilder(history: self) }

    /// The database has a name of its own for that.
    func mark(_ applicationID: Int64) {}

    /// Behind a pooler the connection is another's after each transaction, and the lock would be too: there each step takes
    /// it for its transaction, and looks whose turn it is.
    func whileAlone<Value>(_ body: () throws -> Value) throws -> Value {
        guard !isPooled else { return try body() }
        return try engine.holdingConnection {
            try takeLock()
            // A connection that is lost gives the lock back by itself.
            defer { _ = try? ask("SELECT pg_advisory_unlock(\(Self.lock))") }
            return try body()
        }
    }

    private var isPooled: Bool { engine.database.options.isPooled }

    private func takeLock() throws {
        let deadline = SystemClock.monotonicNanoseconds() + Self.patience
        while try ask("SELECT pg_try_advisory_lock(\(Self.lock))").int64(0, 0) == 0 {
            guard SystemClock.monotonicNanoseconds() < deadline else {
                let diagnosis = DatabaseDiagnosis(
                    code: "",
                    message: "another migrator is at work",
                    statement: "migrate"
                )
                throw DatabaseError.unavailable(.busy, diagnosis)
            }
            pause(milliseconds: 50...150)
        }
    }

    func step(_ migration: Migration, _ body: () throws -> Bool) throws -> Bool {
        var attempt = 1
        while true {
            do {
                return try stepOnce(migration, body)
            } catch let error as DatabaseError {
                let isInTheWay = [SQLState.lockNotAvailable, .deadlock].map(\.rawValue).contains(error.diagnosis.code)
                guard attempt < Self.attempts, isInTheWay else { throw error }
                pause(milliseconds: 100...(200 << Int64(min(attempt, 5))))
                attempt += 1
            }
        }
    }

    private func stepOnce(_ migration: Migration, _ body: () throws -> Bool) throws -> Bool {
        do {
            try ask("BEGIN")
            try ask("SET LOCAL lock_timeout = '2s'")
            try ask("SET LOCAL statement_timeout = 0")
            try ask("SET LOCAL idle_in_transaction_session_timeout = 0")
            if isPooled { try ask("SELECT pg_advisory_xact_lock(\(Self.lock))") }
            let result = try body()
            try ask("COMMIT")
            return result
        } catch {
            _ = try? ask("ROLLBACK")
            throw error
        }
    }

    func run(_ statements: [String], of migration: Migration) throws {
        for statement in statements {
            try ask(statement, id: migration.title)
            guard try engine.withConnection({ $0.isInTransaction }) else {
                throw MigrationError.endedTransaction(id: migration.id, name: migration.name)
            }
        }
    }

    func insert(_ migration: Migration, checksum: String, duration: Duration) throws {
        try ask(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                id          bigint NOT NULL PRIMARY KEY,
                name        text   NOT NULL,
                checksum    text   NOT NULL,
                applied_at  bigint NOT NULL,
                duration_ms bigint NOT NULL
            )
            """
        )
        var values = Parameters()
        values.append(Int64(migration.id))
        values.append(migration.name)
        values.append(checksum)
        values.append(duration.milliseconds)
        try ask(
            """
            INSERT INTO schema_migrations (id, name, checksum, applied_at, duration_ms)
            VALUES ($1, $2, $3, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, $4)
            """,
            values
        )
    }

    func delete(_ migration: Migration) throws {
        var values = Parameters()
        values.append(Int64(migration.id))
        try ask("DELETE FROM schema_migrations WHERE id = $1", values)
    }

    private func exists(_ table: String = "schema_migrations") throws -> Bool {
        try ask("SELECT to_regclass('\(table)') IS NOT NULL").int64(0, 0) != 0
    }

    @discardableResult
    func ask(
        _ sql: String,
        _ values: Parameters = Parameters(),
        id: String = "schema_migrations"
    ) throws -> StatementResult {
        try engine.withConnection { connection in
            // Named by its text: each is run once or twice.
            try connection.send(Statement(sql.filter { $0 != "\"" }, sql: sql), values)
            do throws(PostgreSQLError) {
                guard let answer = try connection.exchange(timeout: .seconds(86_400)).first else {
                    throw PostgreSQLError(.misuse, "nothing was sent", statement: id)
                }
                return answer
            } catch {
                throw error.named(id)
            }
        }
    }

    private func pause(milliseconds: ClosedRange<Int64>) {
        _ = Semaphore(permits: 0).wait(nanoseconds: .random(in: milliseconds) * 1_000_000)
    }
}
