public import SQLite

/// A session's connection to SQLite and the statements that it has prepared.
///
/// Each statement is prepared when it is first used and kept for the life of the session, at the index of its definition.
@usableFromInline final class SQLiteEngine {
    let connection: Connection

    @usableFromInline var slots: [Statement?]

    /// How many rows the last statement changed.
    @usableFromInline var changes: Int { connection.changes }

    private let ledger: SessionLedger
    private let beginDeferred: Statement
    private let beginImmediate: Statement
    private let commitStatement: Statement
    private let rollbackStatement: Statement

    init(connection: consuming Connection, ledger: SessionLedger) throws {
        do throws(SQLiteError) {
            beginDeferred = try connection.prepare("BEGIN DEFERRED", id: "begin")
            beginImmediate = try connection.prepare("BEGIN IMMEDIATE", id: "begin immediate")
            commitStatement = try connection.prepare("COMMIT", id: "commit")
            rollbackStatement = try connection.prepare("ROLLBACK", id: "rollback")
        } catch {
            throw DatabaseError(error)
        }
        self.connection = connection
        self.ledger = ledger
        slots = Array(repeating: nil, count: ledger.registry.slotCount)
    }

    /// Prepares a statement that is used for the first time.
    @usableFromInline func prepare(_ definition: StatementDefinition) throws -> Statement {
        try ledger.requireKnown(definition)
        do throws(SQLiteError) {
            let statement = try connection.prepare(definition.sql, id: definition.id)
            slots[definition.index] = statement
            return statement
        } catch {
            throw DatabaseError(error)
        }
    }

    func begin(writing: Bool) throws {
        if connection.isInTransaction {
            // Left by a rollback that failed.
            try run(rollbackStatement)
        }
        try run(writing ? beginImmediate : beginDeferred)
    }

    func commit() throws {
        try run(commitStatement)
    }

    /// Rolls back, if SQLite has not done so by itself after an error.
    func rollBack() {
        guard connection.isInTransaction else { return }
        // The error that led here is the one to tell; should the rollback fail as well, the next transaction tries it
        // again before it begins.
        try? run(rollbackStatement)
    }

    private func run(_ statement: Statement) throws {
        defer { statement.reset() }
        while try statement.next() {}
    }
}

extension DatabaseSession {
    /// Lends the connection to SQLite to code of this module that has statements of its own.
    func withConnection<Result>(_ body: (borrowing Connection) throws -> Result) throws -> Result {
        guard case .sqlite(let engine) = engine else {
            throw DatabaseError.misuse("this is for SQLite only", statement: "connection")
        }
        do { return try body(engine.connection) } catch let error as SQLiteError { throw DatabaseError(error) }
    }
}
