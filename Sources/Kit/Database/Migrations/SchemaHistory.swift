/// What an engine does for ``Migrator``: it keeps the table of migrations, and takes steps.
protocol SchemaHistory {
    /// Which text of a migration is the engine's.
    var dialect: SQLDialect { get }

    /// The migrations that were applied, by id.
    func read() throws -> [Int: MigrationRecord]

    /// The id of the last one, 0 if there is none.
    func version() throws -> Int

    /// Marks the database as one of the program's, where the engine can.
    ///
    /// - Throws: ``MigrationError/foreign(applicationID:)``.
    func mark(_ applicationID: Int64) throws

    /// Runs the body while no other migrator is at work, as far as the engine's transactions do not see to that.
    func whileAlone<Value>(_ body: () throws -> Value) throws -> Value

    /// Takes one step in one transaction.
    ///
    /// - Parameters:
    ///   - migration: The migration.
    ///   - body: Takes the step; returns whether there was anything to do. It may be run again.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` throws, or ``DatabaseError``; nothing was changed.
    func step(_ migration: Migration, _ body: () throws -> Bool) throws -> Bool

    /// Runs statements of a migration inside its step.
    func run(_ statements: [String], of migration: Migration) throws

    /// The migration that was begun and is not done, if there is one.
    func underway() throws -> MigrationUnderway?

    /// Runs a query for one number, inside a step.
    func number(_ sql: String) throws -> Int64

    /// What builds an index outside of a transaction; nil where an index is built like everything else.
    var indexBuilder: (any IndexBuilder)? { get }

    /// Records that a migration was applied.
    func insert(_ migration: Migration, checksum: String, duration: Duration) throws

    /// Records that it was taken back.
    func delete(_ migration: Migration) throws
}

extension Migration {
    func up(_ dialect: SQLDialect) -> [String] {
        dialect == .postgreSQL ? onPostgreSQL?.up ?? up : up
    }

    func down(_ dialect: SQLDialect) -> Reversal {
        dialect == .postgreSQL ? onPostgreSQL?.down ?? down : down
    }

    /// The checksum of what is run on an engine.
    ///
    /// Those of scripts are in databases that exist: they are made as they were when nothing else was.
    func checksum(_ dialect: SQLDialect) -> String {
        var digest = FNV1a128()
        digest.update(String(id))
        digest.update(name)
        let isOwnScript = dialect == .postgreSQL && onPostgreSQL != nil
        digest.update(isOwnScript ? "" : rebuildsTables ? "rebuild" : editsSchema ? "edit" : "")
        digest.update(up(dialect))
        switch down(dialect) {
        case .statements(let statements):
            digest.update("down")
            digest.update(statements)
        case .irreversible(let reason):
            digest.update("irreversible")
            digest.update(reason)
        }
        if case .backfill(let backfill) = kind { digest.update(backfill.key) }
        return digest.hexadecimal
    }
}

/// What builds an index while its table is in use.
protocol IndexBuilder {
    /// Whether there is such an index, and it is whole.
    func isWhole(_ index: ConcurrentIndex) throws -> Bool

    /// Builds the index, where a migrator before has not; what is left of one that failed is dropped.
    ///
    /// - Throws: ``DatabaseError``; then there is no index, unless the connection was lost.
    func build(_ index: ConcurrentIndex, of migration: Migration) throws

    /// Drops the index, where there is one.
    func drop(_ index: ConcurrentIndex, of migration: Migration) throws
}

extension DatabaseSession {
    /// The history of the schema in this session's database.
    var history: any SchemaHistory {
        switch engine {
        case .sqlite: SQLiteSchemaHistory(session: self)
        case .postgreSQL(let engine): PostgreSQLSchemaHistory(engine)
        }
    }

    /// The id of the last migration that was applied, 0 if there is none.
    ///
    /// One or two point reads: for workers to compare at start with what they need.
    ///
    /// - Returns: The version.
    /// - Throws: ``DatabaseError``.
    public func schemaVersion() throws -> Int { try history.version() }
}
