/// How a migration stands in a database.
public struct MigrationStatus: Hashable, Sendable {
    /// How the database and the program agree on a migration.
    public enum Standing: Hashable, Sendable {
        /// Applied as the program has it.
        case applied
        /// Begun and not done: the next migrator goes on with it.
        case underway
        /// Not applied yet.
        case pending
        /// Applied, and changed in the program since.
        case edited
        /// Applied, but the program does not know it.
        case unknown
    }

    /// The number of the migration.
    public let id: Int
    /// What it is for.
    public let name: String
    /// What it means for the programs that use the database meanwhile; nil if this program does not know it.
    public var phase: Migration.Phase?
    /// What the database has of it, nil if it is not applied.
    public var applied: MigrationRecord?
    /// How far it has come, nil if it is applied or was not begun.
    public var underway: MigrationUnderway?
    /// How the two agree.
    public let standing: Standing
}
