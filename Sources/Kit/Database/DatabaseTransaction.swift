public import SQLite

/// Runs statements that change the database, inside ``DatabaseSession/write(_:)``.
///
/// Being an argument, it makes it impossible to spell a change outside a
/// transaction. `row` and `rows` also take statements with RETURNING.
public final class DatabaseTransaction: DatabaseReader {
    /// What the statements so far have changed, as they declare it; empty in a session without observer.
    public var changes: CommittedChanges { statements.committing }

    /// Has the commit tell of these changes too.
    ///
    /// For who finds that another transaction made them, in a process that may have been killed before it told.
    public func tellAgain(_ changes: CommittedChanges) {
        statements.note(changes)
    }

    /// Runs a statement that returns no rows.
    ///
    /// - Parameters:
    ///   - definition: The statement.
    ///   - values: Its parameters.
    /// - Returns: How many rows it inserted, updated or deleted.
    /// - Throws: ``DatabaseError``. After ``DatabaseError/constraint(_:name:_:)``
    ///   the statement has done nothing and the transaction can go on.
    @discardableResult
    @inlinable public func execute<each Value: DatabaseValueConvertible>(
        _ definition: StatementDefinition,
        _ values: repeat each Value
    ) throws -> Int {
        let statement = try prepared(definition)
        let start = statements.beginMeasuring(.statement)
        defer {
            statement.reset()
            statements.ended(definition, since: start)
        }
        try bind(statement, of: definition, repeat each values)
        while try statement.next() {}
        return statements.changes
    }
}
