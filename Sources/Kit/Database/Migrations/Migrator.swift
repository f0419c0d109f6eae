/// Brings the schema of a database to the version that a program needs.
///
/// Each migration runs in one transaction, together with its row in the table
/// `schema_migrations`, and looks at that table again inside it. So a migrator
/// that dies leaves whole steps only, and several at once share the work: one
/// takes a step, the others wait for the lock and find it done. One that waits
/// too long gets ``DatabaseError/unavailable(_:_:)`` and may simply be started
/// again: on SQLite the transaction is an immediate one, and its session's
/// timeout counts; on PostgreSQL one migrator is at work, others wait for it ten
/// minutes, and a step that finds a table in use asks again for half a minute.
public struct Migrator: Sendable {
    /// The migrations that the program knows, in order.
    public let migrations: [Migration]

    /// The number by which a file is known as a database of this program, 0 for none.
    ///
    /// ``up(to:in:)`` writes it into the file's header (https://sqlite.org/fileformat.html#application_id).
    public let applicationID: Int64

    /// Takes the migrations in the order in which they are to be applied.
    ///
    /// - Parameters:
    ///   - migrations: Their ids are positive and ascend.
    ///   - applicationID: The mark of the program's databases, 32 bits; 0 marks nothing.
    /// - Throws: ``MigrationError/wrongOrder(id:)``.
    public init(_ migrations: [Migration], applicationID: Int32 = 0) throws {
        var last = 0
        for migration in migrations {
            guard migration.id > last else { throw MigrationError.wrongOrder(id: migration.id) }
            last = migration.id
        }
        self.migrations = migrations
        self.applicationID = Int64(applicationID)
    }

    /// The id of the last migration that the program knows, 0 if it has none.
    public var latestVersion: Int {
        migrations.last?.id ?? 0
    }

    /// Applies what is missing, up to and including a migration.
    ///
    /// - Parameters:
    ///   - target: The last migration to apply; all of them if nil.
    ///   - session: A session outside a transaction.
    /// - Returns: The migrations that this call has applied.
    /// - Throws: ``MigrationError``, or ``DatabaseError`` from a statement, after
    ///   which the steps before it stay applied.
    @discardableResult
    public func up(to target: Int? = nil, in session: DatabaseSession) throws -> [Migration] {
        try checkTarget(target)
        let history = session.history
        try check(try history.read(), history.dialect)
        try history.mark(applicationID)
        return try history.whileAlone {
            var done: [Migration] = []
            for migration in migrations where migration.id <= target ?? latestVersion {
                let isNew = try history.step(migration) {
                    let applied = try history.read()
                    try check(applied, history.dialect)
                    guard applied[migration.id] == nil else { return false }
                    let start = ContinuousClock.now
                    try history.run(migration.up(history.dialect), of: migration)
                    let checksum = migration.checksum(history.dialect)
                    try history.insert(migration, checksum: checksum, duration: start.duration(to: .now))
                    return true
                }
                if isNew { done.append(migration) }
            }
            return done
        }
    }

    /// Undoes all migrations after one.
    ///
    /// - Parameters:
    ///   - target: The last migration to keep; 0 undoes them all.
    ///   - session: A session outside a transaction.
    /// - Returns: The migrations that this call has undone, the last one first.
    /// - Throws: As ``up(to:in:)``; ``MigrationError/irreversible(id:name:reason:)``
    ///   before anything has been done.
    @discardableResult
    public func down(to target: Int, in session: DatabaseSession) throws -> [Migration] {
        try checkTarget(target == 0 ? nil : target)
        let history = session.history
        let applied = try history.read()
        try check(applied, history.dialect)
        let later = migrations.reversed().filter { $0.id > target && applied[$0.id] != nil }
        for migration in later {
            guard case .irreversible(let reason) = migration.down(history.dialect) else { continue }
            throw MigrationError.irreversible(id: migration.id, name: migration.name, reason: reason)
        }
        return try history.whileAlone {
            var undone: [Migration] = []
            for migration in later {
                guard case .statements(let statements) = migration.down(history.dialect) else { continue }
                let isNew = try history.step(migration) {
                    guard try history.read()[migration.id] != nil else { return false }
                    try history.run(statements, of: migration)
                    try history.delete(migration)
                    return true
                }
                if isNew { undone.append(migration) }
            }
            return undone
        }
    }

    /// Undoes the last migrations.
    ///
    /// - Parameters:
    ///   - steps: How many; more than there are means all.
    ///   - session: A session outside a transaction.
    /// - Returns: The migrations that this call has undone, the last one first.
    /// - Throws: As ``down(to:in:)``.
    @discardableResult
    public func down(steps: Int, in session: DatabaseSession) throws -> [Migration] {
        let applied = try session.history.read()
        let kept = applied.keys.sorted().dropLast(max(steps, 0))
        return try down(to: kept.last ?? 0, in: session)
    }

    /// Compares the database with the program, without changing it.
    ///
    /// - Parameter session: A session outside a transaction.
    /// - Returns: All migrations that either knows, by id.
    /// - Throws: ``DatabaseError``.
    public func status(in session: DatabaseSession) throws -> [MigrationStatus] {
        let history = session.history
        let applied = try history.read()
        let known = migrations.map { migration in
            MigrationStatus(
                id: migration.id,
                name: migration.name,
                applied: applied[migration.id],
                standing: applied[migration.id].map { record in
                    record.checksum == migration.checksum(history.dialect) ? .applied : .edited
                } ?? .pending
            )
        }
        let unknown = applied.values.filter { record in !migrations.contains { $0.id == record.id } }
        let strangers = unknown.map { record in
            MigrationStatus(id: record.id, name: record.name, applied: record, standing: .unknown)
        }
        return (known + strangers).sorted { $0.id < $1.id }
    }

    private func checkTarget(_ target: Int?) throws {
        if let target, !migrations.contains(where: { $0.id == target }) {
            throw MigrationError.unknownTarget(target)
        }
    }

    /// Refuses a database whose history is not a beginning of the program's list.
    func check(_ applied: [Int: MigrationRecord], _ dialect: SQLDialect) throws {
        for record in applied.values.sorted(by: { $0.id < $1.id }) {
            guard let migration = migrations.first(where: { $0.id == record.id }) else {
                throw MigrationError.databaseIsNewer(id: record.id, name: record.name, programVersion: latestVersion)
            }
            guard migration.checksum(dialect) == record.checksum else {
                throw MigrationError.edited(id: migration.id, name: migration.name)
            }
        }
        let last = applied.keys.max() ?? 0
        for migration in migrations where migration.id < last && applied[migration.id] == nil {
            throw MigrationError.skipped(id: migration.id, name: migration.name)
        }
    }
}

/// How a migration stands in a database.
public struct MigrationStatus: Hashable, Sendable {
    /// How the database and the program agree on a migration.
    public enum Standing: Hashable, Sendable {
        /// Applied as the program has it.
        case applied
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
    /// What the database has of it, nil if it is pending.
    public let applied: MigrationRecord?
    /// How the two agree.
    public let standing: Standing
}
