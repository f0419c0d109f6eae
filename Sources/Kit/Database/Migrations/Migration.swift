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

    /// What a step means for the programs that use the database meanwhile.
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        /// Adds something: the program before goes on beside it.
        case expand
        /// Fills what was added, while programs that write it serve.
        case backfill
        /// Takes away or forbids what the program before needs.
        case contract
    }

    /// How a step is taken.
    public enum Kind: Hashable, Sendable {
        /// By statements in one transaction.
        case script
        /// By building an index while the table is in use.
        case concurrentIndex(ConcurrentIndex)
        /// By changing all rows, some in each transaction.
        case backfill(Backfill)
    }

    /// The number of the step, by habit written 0001, 0002 and so on.
    public let id: Int
    /// What the step is for, such as "create users".
    public let name: String
    /// What it means for the programs that use the database meanwhile.
    public let phase: Phase
    /// How it is taken.
    public let kind: Kind
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
    /// Whether the step writes the texts in which SQLite keeps the schema, which no other SQL may.
    ///
    /// That is how a constraint comes or goes without a copy of the table
    /// (https://sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes, the second procedure).
    public let editsSchema: Bool
    /// Rules of ``MigrationLint`` that the step may break, each with the reason.
    ///
    /// They are not in the checksum.
    public let accepts: [LintRule: String]

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
        phase: Phase = .expand,
        rebuildsTables: Bool = false,
        editsSchema: Bool = false,
        up: [String],
        down: [String],
        onPostgreSQL: PostgreSQLScript? = nil,
        accepts: [LintRule: String] = [:]
    ) {
        self.init(
            id: id,
            name: name,
            phase: phase,
            rebuildsTables: rebuildsTables,
            editsSchema: editsSchema,
            up: up,
            down: .statements(down),
            onPostgreSQL: onPostgreSQL,
            accepts: accepts
        )
    }

    /// Describes a step that cannot be undone.
    public init(
        id: Int,
        name: String,
        phase: Phase = .contract,
        rebuildsTables: Bool = false,
        up: [String],
        irreversible reason: String
    ) {
        self.init(
            id: id,
            name: name,
            phase: phase,
            rebuildsTables: rebuildsTables,
            up: up,
            down: .irreversible(reason)
        )
    }

    /// Describes a step that builds an index on a table that is in use.
    public init(id: Int, name: String, index: ConcurrentIndex) {
        self.init(
            id: id,
            name: name,
            phase: .expand,
            kind: .concurrentIndex(index),
            up: [index.creation(.sqlite)],
            down: .statements([index.removal(.sqlite)]),
            onPostgreSQL: PostgreSQLScript(
                up: [index.creation(.postgreSQL)],
                down: [index.removal(.postgreSQL)]
            )
        )
    }

    /// Describes a step that changes the rows of a table that is in use.
    ///
    /// `down` is what takes it back, in one transaction; nothing, where what was filled may stay.
    public init(id: Int, name: String, backfill: Backfill, down: [String] = []) {
        self.init(
            id: id,
            name: name,
            phase: .backfill,
            kind: .backfill(backfill),
            up: [backfill.statement],
            down: .statements(down)
        )
    }

    init(
        id: Int,
        name: String,
        phase: Phase,
        kind: Kind = .script,
        rebuildsTables: Bool = false,
        editsSchema: Bool = false,
        up: [String],
        down: Reversal,
        onPostgreSQL: PostgreSQLScript? = nil,
        accepts: [LintRule: String] = [:]
    ) {
        self.id = id
        self.name = name
        self.phase = phase
        self.kind = kind
        self.up = up
        self.down = down
        self.rebuildsTables = rebuildsTables
        self.editsSchema = editsSchema
        self.onPostgreSQL = onPostgreSQL
        self.accepts = accepts
    }

    /// What errors call the migration.
    var title: String { "migration \(id) \(name)" }

    /// 32 hexadecimal digits that change when anything in the migration does, as it is on SQLite.
    public var checksum: String { checksum(.sqlite) }
}
