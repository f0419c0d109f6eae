internal import SQLite

extension DatabaseSession {
    /// Lends the connection to code of this module that has statements of its own.
    func withConnection<Result>(_ body: (borrowing Connection) throws -> Result) throws -> Result {
        do { return try body(statements.connection) } catch let error as SQLiteError { throw DatabaseError(error) }
    }

    /// Runs one migration in one immediate transaction.
    ///
    /// - Parameters:
    ///   - migration: The migration.
    ///   - body: Takes the step; returns whether there was anything to do.
    /// - Returns: What `body` returned.
    /// - Throws: ``MigrationError`` or ``DatabaseError``; nothing was changed.
    func migrate(_ migration: Migration, _ body: (borrowing Connection) throws -> Bool) throws -> Bool {
        try withConnection { connection in
            // Without effect inside a transaction, hence around it.
            if migration.rebuildsTables { try connection.enforceForeignKeys(false) }
            defer { if migration.rebuildsTables { try? connection.enforceForeignKeys(true) } }
            return try write { _ in
                let result = try withConnection(body)
                if migration.rebuildsTables, let table = try connection.danglingReference() {
                    throw MigrationError.danglingReferences(id: migration.id, name: migration.name, table: table)
                }
                return result
            }
        }
    }
}

extension Connection {
    /// A table of which a row refers to nothing.
    borrowing func danglingReference() throws(SQLiteError) -> String? {
        let check = try prepare("PRAGMA foreign_key_check", id: "foreign_key_check")
        return try check.step() ? try check.string(at: 0) : nil
    }
}
