/// A migration of several transactions that was begun and is not done.
///
/// While there is one it stands in a table of its own, which goes with its end. The next migrator goes on with it.
public struct MigrationUnderway: Hashable, Sendable {
    static let table = "schema_progress"

    /// The number of the migration.
    public let id: Int
    /// Its name when it was begun.
    public let name: String
    /// Its checksum when it was begun.
    public let checksum: String
    /// How many rows a backfill has gone through.
    public let rows: Int
    /// How many there were when it was begun; 0 for an index.
    public let total: Int

    static let reading = "SELECT id, name, checksum, row_count, row_total FROM \(table)"
    static let removal = "DROP TABLE \(table)"
    static let hasMoreRows = "SELECT count(position) FROM \(table)"

    /// Records that a migration is begun.
    static func creation(of migration: Migration, _ dialect: SQLDialect) -> String {
        let name = migration.name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        var columns = ", CAST(0 AS bigint) AS row_total"
        if case .backfill(let backfill) = migration.kind { columns = backfill.columns }
        return """
            CREATE TABLE \(table) AS SELECT
                CAST(\(migration.id) AS bigint) AS id, CAST('\(name)' AS text) AS name,
                CAST('\(migration.checksum(dialect))' AS text) AS checksum, CAST(0 AS bigint) AS row_count
                \(columns)
            """
    }
}

/// How a migrator comes along, for whoever watches it.
public enum MigrationEvent: Sendable {
    /// A migration is looked at, and taken where it was not yet.
    case began(Migration)
    /// One of its statements was run, in a transaction that is not committed yet.
    case ran(Migration)
    /// It is recorded that a migration of several transactions is underway.
    case underway(Migration)
    /// A backfill has gone through so many rows of those that there were; they are committed.
    case advanced(Migration, rows: Int, total: Int)
    /// An index is built, and that is not recorded yet; or it is dropped.
    case built(Migration)
    /// The migration was applied or taken back, and that is committed.
    case finished(Migration)
}
