/// What ``Migrator/up(to:in:observe:)`` would do to take a migration.
public struct PlannedMigration: Sendable {
    /// The migration.
    public let migration: Migration
    /// How far it has come already, nil if it was not begun.
    public let underway: MigrationUnderway?
    /// Whether it is behind what the program needs: for when no program before this one is at work any more.
    public let canWait: Bool
    /// The statements, as they are on the engine; those of a backfill as one.
    public let statements: [String]
    /// The locks that it takes of tables that exist before it; nil on SQLite, where each transaction has the whole database.
    public let locks: [TableLock]?

    /// Whether the statements are one transaction.
    public var isOneTransaction: Bool {
        switch migration.kind {
        case .script: true
        case .concurrentIndex: locks == nil
        case .backfill: false
        }
    }
}

extension Migrator {
    /// What is missing in a database, without changing it.
    ///
    /// - Parameters:
    ///   - target: The last migration to apply; all of them if nil.
    ///   - session: A session outside a transaction.
    /// - Returns: What would be done, in order.
    /// - Throws: As ``up(to:in:observe:)``.
    public func plan(to target: Int? = nil, in session: DatabaseSession) throws -> [PlannedMigration] {
        try checkTarget(target)
        let history = session.history
        try check(history)
        let applied = try history.read()
        let underway = try history.underway()
        return plan(history.dialect, underway) { applied[$0.id] == nil && $0.id <= target ?? latestVersion }
    }

    /// What is missing in a database of the engine that has the migrations up to one.
    public func plan(_ dialect: SQLDialect, from version: Int) -> [PlannedMigration] {
        plan(dialect, nil) { $0.id > version }
    }

    private func plan(
        _ dialect: SQLDialect,
        _ underway: MigrationUnderway?,
        _ isMissing: (Migration) -> Bool
    ) -> [PlannedMigration] {
        let locks = dialect == .postgreSQL ? MigrationLint.locks(in: migrations) : [:]
        return migrations.filter(isMissing).map { migration in
            PlannedMigration(
                migration: migration,
                underway: underway.flatMap { $0.id == migration.id ? $0 : nil },
                canWait: migration.id > neededVersion,
                statements: migration.up(dialect),
                locks: locks[migration.id]
            )
        }
    }
}
