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
    func checksum(_ dialect: SQLDialect) -> String {
        guard dialect == .postgreSQL, let onPostgreSQL else { return checksum }
        return Migration(id: id, name: name, up: onPostgreSQL.up, down: onPostgreSQL.down).checksum
    }
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
