internal import SQLite

/// The table in which a database keeps its migrations.
enum SQLiteSchemaTable {
    private static let definition = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            checksum TEXT NOT NULL,
            applied_at INTEGER NOT NULL,
            duration_ms INTEGER NOT NULL
        ) STRICT
        """

    static func read(_ connection: borrowing Connection) throws(SQLiteError) -> [Int: MigrationRecord] {
        guard try exists(connection) else { return [:] }
        let query = try connection.prepare(
            "SELECT id, name, checksum, applied_at, duration_ms FROM schema_migrations",
            id: "schema_migrations"
        )
        var records: [Int: MigrationRecord] = [:]
        while try query.step() {
            let record = MigrationRecord(
                id: Int(try query.int64(at: 0)),
                name: try query.string(at: 1),
                checksum: try query.string(at: 2),
                appliedAt: try query.int64(at: 3),
                milliseconds: try query.int64(at: 4)
            )
            records[record.id] = record
        }
        return records
    }

    static func version(_ connection: borrowing Connection) throws(SQLiteError) -> Int {
        guard try exists(connection) else { return 0 }
        let query = try connection.prepare(
            "SELECT max(id) FROM schema_migrations",
            id: "schema_migrations"
        )
        return try query.step() ? Int(try query.optionalInt64(at: 0) ?? 0) : 0
    }

    static func underway(_ connection: borrowing Connection) throws(SQLiteError) -> MigrationUnderway? {
        guard try exists(connection, MigrationUnderway.table) else { return nil }
        let query = try connection.prepare(MigrationUnderway.reading, id: MigrationUnderway.table)
        guard try query.step() else { return nil }
        return MigrationUnderway(
            id: Int(try query.int64(at: 0)),
            name: try query.string(at: 1),
            checksum: try query.string(at: 2),
            rows: Int(try query.int64(at: 3)),
            total: Int(try query.int64(at: 4))
        )
    }

    static func insert(
        _ migration: Migration,
        _ checksum: String,
        duration: Duration,
        _ connection: borrowing Connection
    ) throws(SQLiteError) {
        try connection.execute(definition, id: "schema_migrations")
        // SQLite 3.40 has the time to milliseconds, as a number of days.
        let insertion = try connection.prepare(
            """
            INSERT INTO schema_migrations (id, name, checksum, applied_at, duration_ms)
            VALUES (?1, ?2, ?3, CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000, ?4)
            """,
            id: "schema_migrations"
        )
        try insertion.bind(Int64(migration.id), at: 1)
        try insertion.bind(migration.name, at: 2)
        try insertion.bind(checksum, at: 3)
        try insertion.bind(duration.milliseconds, at: 4)
        while try insertion.step() {}
    }

    static func delete(_ migration: Migration, _ connection: borrowing Connection) throws(SQLiteError) {
        let deletion = try connection.prepare("DELETE FROM schema_migrations WHERE id = ?1", id: "schema_migrations")
        try deletion.bind(Int64(migration.id), at: 1)
        while try deletion.step() {}
    }

    private static func exists(
        _ connection: borrowing Connection,
        _ table: String = "schema_migrations"
    ) throws(SQLiteError) -> Bool {
        let query = try connection.prepare(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '\(table)'",
            id: "schema_migrations"
        )
        return try query.step()
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
