/// What the database has recorded of a migration.
public struct MigrationRecord: Hashable, Sendable {
    /// The number of the migration.
    public let id: Int
    /// Its name when it was applied.
    public let name: String
    /// Its checksum when it was applied.
    public let checksum: String
    /// When it was applied, in microseconds since 1970 UTC, exact to milliseconds.
    public let appliedAt: Int64
    /// How long its statements took, in milliseconds.
    public let milliseconds: Int64
}
