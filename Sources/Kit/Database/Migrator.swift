internal import SQLite

/// Brings the schema of a database to the version that a program needs.
///
/// Each migration runs in one immediate transaction, together with its row in
/// the table `schema_migrations`, and looks at that table again inside it. So a
/// migrator that dies leaves whole steps only, and several at once share the
/// work: one takes a step, the others wait for the lock and find it done. One
/// that waits longer than its session's timeout gets
/// ``DatabaseError/unavailable(_:_:)`` and may simply be started again.
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
        try session.withConnection { connection in
            try check(try SchemaTable.read(connection))
            try mark(connection)
        }
        var done: [Migration] = []
        for migration in migrations where migration.id <= target ?? latestVersion {
            let isNew = try session.migrate(migration) { connection in
                let applied = try SchemaTable.read(connection)
                try check(applied)
                guard applied[migration.id] == nil else { return false }
                let start = ContinuousClock.now
                try migration.run(migration.up, on: connection)
                try SchemaTable.insert(migration, duration: start.duration(to: .now), connection)
                return true
            }
            if isNew { done.append(migration) }
        }
        return done
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
        let applied = try session.withConnection { connection in
            let applied = try SchemaTable.read(connection)
            try check(applied)
            return applied
        }
        let later = migrations.reversed().filter { $0.id > target && applied[$0.id] != nil }
        for migration in later {
            guard case .irreversible(let reason) = migration.down else { continue }
            throw MigrationError.irreversible(id: migration.id, name: migration.name, reason: reason)
        }
        var undone: [Migration] = []
        for migration in later {
            guard case .statements(let statements) = migration.down else { continue }
            let isNew = try session.migrate(migration) { connection in
                guard try SchemaTable.read(connection)[migration.id] != nil else { return false }
                try migration.run(statements, on: connection)
                try SchemaTable.delete(migration, connection)
                return true
            }
            if isNew { undone.append(migration) }
        }
        return undone
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
        let applied = try session.withConnection { connection in try SchemaTable.read(connection) }
        let kept = applied.keys.sorted().dropLast(max(steps, 0))
        return try down(to: kept.last ?? 0, in: session)
    }

    /// Compares the database with the program, without changing it.
    ///
    /// - Parameter session: A session outside a transaction.
    /// - Returns: All migrations that either knows, by id.
    /// - Throws: ``DatabaseError``.
    public func status(in session: DatabaseSession) throws -> [MigrationStatus] {
        let applied = try session.withConnection { connection in try SchemaTable.read(connection) }
        let known = migrations.map { migration in
            MigrationStatus(
                id: migration.id,
                name: migration.name,
                applied: applied[migration.id],
                standing: applied[migration.id].map { record in
                    record.checksum == migration.checksum ? .applied : .edited
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

    /// Marks the file as one of this program's, unless it is.
    private func mark(_ connection: borrowing Connection) throws {
        let found = try readApplicationID(connection)
        guard found != applicationID, applicationID != 0 else { return }
        guard found == 0 else { throw MigrationError.foreign(applicationID: found) }
        try connection.execute("PRAGMA application_id = \(applicationID)", id: "application_id")
    }

    func readApplicationID(_ connection: borrowing Connection) throws(SQLiteError) -> Int64 {
        let query = try connection.prepare("PRAGMA application_id", id: "application_id")
        return try query.step() ? try query.int64(at: 0) : 0
    }

    /// Refuses a database whose history is not a beginning of the program's list.
    func check(_ applied: [Int: MigrationRecord]) throws {
        for record in applied.values.sorted(by: { $0.id < $1.id }) {
            guard let migration = migrations.first(where: { $0.id == record.id }) else {
                throw MigrationError.databaseIsNewer(id: record.id, name: record.name, programVersion: latestVersion)
            }
            guard migration.checksum == record.checksum else {
                throw MigrationError.edited(id: migration.id, name: migration.name)
            }
        }
        let last = applied.keys.max() ?? 0
        for migration in migrations where migration.id < last && applied[migration.id] == nil {
            throw MigrationError.skipped(id: migration.id, name: migration.name)
        }
    }
}

extension Migration {
    /// Runs statements of this migration inside its transaction.
    fileprivate func run(_ statements: [String], on connection: borrowing Connection) throws {
        for statement in statements {
            try connection.execute(statement, id: "migration \(id) \(name)")
            guard connection.isInTransaction else { throw MigrationError.endedTransaction(id: id, name: name) }
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

extension DatabaseSession {
    /// The id of the last migration that was applied, 0 if there is none.
    ///
    /// One or two point reads: for workers to compare at start with what they need.
    ///
    /// - Returns: The version.
    /// - Throws: ``DatabaseError``.
    public func schemaVersion() throws -> Int {
        try withConnection { connection in try SchemaTable.version(connection) }
    }
}
