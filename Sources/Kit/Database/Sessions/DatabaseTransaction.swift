public import PostgreSQL
public import SQLite

/// Runs statements that change the database, inside ``DatabaseSession/write(_:)``.
///
/// Being an argument, it makes it impossible to spell a change outside a
/// transaction. `row` and `rows` also take statements with RETURNING.
public final class DatabaseTransaction: DatabaseReader {
    /// What the statements so far have changed, as they declare it; empty in a session without observer.
    public var changes: CommittedChanges { ledger.committing }

    /// Has the commit tell of these changes too.
    ///
    /// For who finds that another transaction made them, in a process that may have been killed before it told.
    public func tellAgain(_ changes: CommittedChanges) {
        ledger.note(changes)
    }

    /// Runs a statement that returns no rows.
    ///
    /// - Parameters:
    ///   - definition: The statement.
    ///   - values: Its parameters.
    /// - Returns: How many rows it inserted, updated or deleted.
    /// - Throws: ``DatabaseError``. After ``DatabaseError/constraint(_:name:_:)`` the statement has done nothing. On SQLite
    ///   the transaction can go on; on PostgreSQL it can only end.
    @discardableResult
    @inlinable public func execute<each Value: DatabaseValueConvertible>(
        _ definition: StatementDefinition,
        _ values: repeat each Value
    ) throws -> Int {
        guard case .sqlite(let engine) = engine else {
            return try ask(definition, Self.list(repeat each values)).changes
        }
        let statement = try prepared(definition, engine)
        let start = ledger.beginMeasuring(.statement)
        defer {
            statement.reset()
            ledger.ended(definition, since: start)
        }
        try bind(statement, of: definition, repeat each values)
        while try statement.next() {}
        return engine.changes
    }

    /// Runs a statement of which nothing is to be learned but that it did not fail.
    ///
    /// Where the way to the engine is long it travels with the next statement or with the commit, so that a transaction
    /// takes fewer round trips; and so it may be there that it fails.
    ///
    /// - Parameters:
    ///   - definition: The statement.
    ///   - values: Its parameters.
    /// - Throws: ``DatabaseError``, of a statement that was submitted before as well.
    @inlinable public func submit<each Value: DatabaseValueConvertible>(
        _ definition: StatementDefinition,
        _ values: repeat each Value
    ) throws {
        guard case .postgreSQL(let engine) = engine else {
            try execute(definition, repeat each values)
            return
        }
        try submit(definition, Self.list(repeat each values), to: engine)
    }

    /// The same for parameters that are not known before the program runs.
    public func submit(_ definition: StatementDefinition, values: [DatabaseValue]) throws {
        switch engine {
        case .postgreSQL(let engine): try submit(definition, values, to: engine)
        case .sqlite(let engine):
            // Not by `rows`: the optimiser of Swift 6.3.1 aborts on it where it makes nothing of a row.
            let statement = try prepared(definition, engine)
            defer { statement.reset() }
            try bind(statement, of: definition, values: values)
            while try statement.next() {}
        }
    }

    @usableFromInline func submit(
        _ definition: StatementDefinition,
        _ values: [DatabaseValue],
        to engine: PostgreSQLEngine
    ) throws {
        try require(definition, values)
        try engine.submit(definition, values)
    }
}
