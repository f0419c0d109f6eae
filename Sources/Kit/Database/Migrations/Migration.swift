/// One step of the schema, with its way back.
///
/// A migration that has been applied anywhere never changes again: its checksum
/// is stored, and ``Migrator`` refuses an edited one. It speaks SQL only, not the
/// types of the program, which go on changing.
public struct Migration: Sendable {
    /// How a migration is undone.
    public enum Reversal: Hashable, Sendable {
        /// By these statements.
        case statements([String])
        /// Not at all, for this reason.
        case irreversible(String)
    }

    /// The number of the step, by habit written 0001, 0002 and so on.
    public let id: Int
    /// What the step is for, such as "create users".
    public let name: String
    /// The statements that take the step.
    public let up: [String]
    /// The way back.
    public let down: Reversal
    /// The same step on PostgreSQL, where it is not taken by the same statements.
    public let onPostgreSQL: PostgreSQLScript?
    /// Whether foreign keys are checked once at the end rather than all along.
    ///
    /// Needed to rebuild a table that others refer to: dropping the old one
    /// would otherwise delete or refuse their rows. Every row of the database is
    /// checked before the commit, which takes time in a large one.
    public let rebuildsTables: Bool

    /// The statements of a step on PostgreSQL; the name and the number of the step are those of the migration.
    public struct PostgreSQLScript: Sendable {
        /// The statements that take the step, each by itself.
        public let up: [String]
        /// The way back.
        public let down: Reversal

        /// Describes a step that can be undone.
        public init(up: [String], down: [String]) {
            self.up = up
            self.down = .statements(down)
        }
    }

    /// Describes a step that can be undone.
    public init(
        id: Int,
        name: String,
        rebuildsTables: Bool = false,
        up: [String],
        down: [String],
        onPostgreSQL: PostgreSQLScript? = nil
    ) {
        self.init(
            id: id,
            name: name,
            rebuildsTables: rebuildsTables,
            up: up,
            down: .statements(down),
            onPostgreSQL: onPostgreSQL
        )
    }

    /// Describes a step that cannot be undone.
    public init(id: Int, name: String, rebuildsTables: Bool = false, up: [String], irreversible reason: String) {
        self.init(id: id, name: name, rebuildsTables: rebuildsTables, up: up, down: .irreversible(reason))
    }

    init(
        id: Int,
        name: String,
        rebuildsTables: Bool = false,
        up: [String],
        down: Reversal,
        onPostgreSQL: PostgreSQLScript? = nil
    ) {
        self.id = id
        self.name = name
        self.up = up
        self.down = down
        self.rebuildsTables = rebuildsTables
        self.onPostgreSQL = onPostgreSQL
    }

    /// What errors call the migration.
    var title: String { "migration \(id) \(name)" }

    /// 32 hexadecimal digits that change when anything in the migration does, as it is on SQLite.
    public var checksum: String {
        var digest = FNV1a128()
        digest.update(String(id))
        digest.update(name)
        digest.update(rebuildsTables ? "rebuild" : "")
        digest.update(up)
        switch down {
        case .statements(let statements):
            digest.update("down")
            digest.update(statements)
        case .irreversible(let reason):
            digest.update("irreversible")
            digest.update(reason)
        }
        return digest.hexadecimal
    }
}
