/// Brings the schema of a database to the version that a program needs.
///
/// A migration that is a script runs in one transaction, together with its row in
/// the table `schema_migrations`, and looks at that table again inside it. So a
/// migrator that dies leaves whole steps only, and several at once share the work:
/// one takes a step, the others wait for the lock and find it done. An index that
/// is built concurrently and a backfill take several transactions; that they are
/// underway is recorded, and the next migrator goes on with them. One that waits
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

    /// The id of the last migration without which the program cannot work, 0 if there is none.
    ///
    /// Those behind it are for when no program before this one is at work any more.
    public let neededVersion: Int

    /// Takes the migrations in the order in which they are to be applied.
    ///
    /// - Parameters:
    ///   - migrations: Their ids are positive and ascend.
    ///   - applicationID: The mark of the program's databases, 32 bits; 0 marks nothing.
    ///   - neededVersion: The last that the program needs; the last of all if nil.
    /// - Throws: ``MigrationError/wrongOrder(id:)``, ``MigrationError/unknownTarget(_:)``.
    public init(_ migrations: [Migration], applicationID: Int32 = 0, neededVersion: Int? = nil) throws {
        var last = 0
        for migration in migrations {
            guard migration.id > last else { throw MigrationError.wrongOrder(id: migration.id) }
            last = migration.id
        }
        self.migrations = migrations
        self.applicationID = Int64(applicationID)
        self.neededVersion = neededVersion ?? last
        try checkTarget(self.neededVersion == 0 ? nil : self.neededVersion)
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
    ///   - observe: Is told how it comes along; what it throws ends the work, and what was committed stays.
    /// - Returns: The migrations that this call has applied.
    /// - Throws: ``MigrationError``, or ``DatabaseError`` from a statement, after
    ///   which the steps before it stay applied.
    @discardableResult
    public func up(
        to target: Int? = nil,
        in session: DatabaseSession,
        observe: (MigrationEvent) throws -> Void = { _ in }
    ) throws -> [Migration] {
        try checkTarget(target)
        let history = session.history
        try check(history)
        try history.mark(applicationID)
        return try history.whileAlone {
            var done: [Migration] = []
            for migration in migrations where migration.id <= target ?? latestVersion {
                if try take(migration, history, observe) { done.append(migration) }
            }
            return done
        }
    }

    /// Undoes all migrations after one.
    ///
    /// - Parameters:
    ///   - target: The last migration to keep; 0 undoes them all.
    ///   - session: A session outside a transaction.
    ///   - observe: As for ``up(to:in:observe:)``.
    /// - Returns: The migrations that this call has undone, the last one first.
    /// - Throws: As ``up(to:in:observe:)``; ``MigrationError/irreversible(id:name:reason:)``
    ///   before anything has been done.
    @discardableResult
    public func down(
        to target: Int,
        in session: DatabaseSession,
        observe: (MigrationEvent) throws -> Void = { _ in }
    ) throws -> [Migration] {
        try checkTarget(target == 0 ? nil : target)
        return try down(in: session, observe) { _ in target }
    }

    /// Undoes the last migrations.
    ///
    /// - Parameters:
    ///   - steps: How many; more than there are means all. One that is underway counts.
    ///   - session: A session outside a transaction.
    ///   - observe: As for ``up(to:in:observe:)``.
    /// - Returns: The migrations that this call has undone, the last one first.
    /// - Throws: As ``down(to:in:observe:)``.
    @discardableResult
    public func down(
        steps: Int,
        in session: DatabaseSession,
        observe: (MigrationEvent) throws -> Void = { _ in }
    ) throws -> [Migration] {
        try down(in: session, observe) { begun in begun.sorted().dropLast(max(steps, 0)).last ?? 0 }
    }

    /// Undoes all migrations after the one that is found among those that are begun once no other migrator is at work.
    private func down(
        in session: DatabaseSession,
        _ observe: (MigrationEvent) throws -> Void,
        to findTarget: (Set<Int>) -> Int
    ) throws -> [Migration] {
        let history = session.history
        return try history.whileAlone {
            try check(history)
            let begun = try history.begun()
            let target = findTarget(begun)
            let later = migrations.reversed().filter { $0.id > target && begun.contains($0.id) }
            for migration in later {
                guard case .irreversible(let reason) = migration.down(history.dialect) else { continue }
                throw MigrationError.irreversible(id: migration.id, name: migration.name, reason: reason)
            }
            var undone: [Migration] = []
            for migration in later where try takeBack(migration, history, observe) {
                undone.append(migration)
            }
            return undone
        }
    }

    /// Compares the database with the program, without changing it.
    ///
    /// - Parameter session: A session outside a transaction.
    /// - Returns: All migrations that either knows, by id.
    /// - Throws: ``DatabaseError``.
    public func status(in session: DatabaseSession) throws -> [MigrationStatus] {
        let history = session.history
        let applied = try history.read()
        let underway = try history.underway()
        let known = migrations.map { migration in
            let begun = underway.flatMap { $0.id == migration.id ? $0 : nil }
            let checksum = applied[migration.id]?.checksum ?? begun?.checksum
            return MigrationStatus(
                id: migration.id,
                name: migration.name,
                phase: migration.phase,
                applied: applied[migration.id],
                underway: begun,
                standing: checksum.map { checksum in
                    guard checksum == migration.checksum(history.dialect) else { return .edited }
                    return applied[migration.id] == nil ? .underway : .applied
                } ?? .pending
            )
        }
        let unknown = applied.values.filter { record in !migrations.contains { $0.id == record.id } }
        var strangers = unknown.map { record in
            MigrationStatus(id: record.id, name: record.name, applied: record, standing: .unknown)
        }
        if let underway, !migrations.contains(where: { $0.id == underway.id }) {
            strangers.append(
                MigrationStatus(id: underway.id, name: underway.name, underway: underway, standing: .unknown)
            )
        }
        return (known + strangers).sorted { $0.id < $1.id }
    }

    func checkTarget(_ target: Int?) throws {
        if let target, !migrations.contains(where: { $0.id == target }) {
            throw MigrationError.unknownTarget(target)
        }
    }

    /// Refuses a database whose history is not a beginning of the program's list.
    func check(_ history: any SchemaHistory) throws {
        try check(try history.read(), try history.underway(), history.dialect)
    }

    func check(_ applied: [Int: MigrationRecord], _ underway: MigrationUnderway?, _ dialect: SQLDialect) throws {
        if let underway {
            guard let migration = migrations.first(where: { $0.id == underway.id }) else {
                throw MigrationError.databaseIsNewer(
                    id: underway.id,
                    name: underway.name,
                    programVersion: latestVersion
                )
            }
            guard migration.checksum(dialect) == underway.checksum else {
                throw MigrationError.edited(id: migration.id, name: migration.name)
            }
            guard applied[underway.id] == nil else {
                throw MigrationError.appliedAndUnderway(id: migration.id, name: migration.name)
            }
        }
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
