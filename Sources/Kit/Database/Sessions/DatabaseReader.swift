public import PostgreSQL
public import SQLite

/// Runs statements that read.
///
/// What a repository needs for its queries: a ``DatabaseSession`` itself (each
/// statement sees the newest state), a snapshot inside
/// ``DatabaseSession/read(_:)``, or a ``DatabaseTransaction``. Take it as an
/// argument and do not keep it: a snapshot or transaction that has ended
/// refuses to work with ``DatabaseError/misuse(_:)``.
///
/// For the thread of its session only. Values go to the parameters `?1`, `?2`
/// ... in order; their number must be right.
public class DatabaseReader {
    @usableFromInline final let engine: Engine
    @usableFromInline final let ledger: SessionLedger
    @usableFromInline final let mayWrite: Bool
    @usableFromInline final var isOpen: Bool

    init(_ engine: Engine, _ ledger: SessionLedger, mayWrite: Bool, isOpen: Bool) {
        self.engine = engine
        self.ledger = ledger
        self.mayWrite = mayWrite
        self.isOpen = isOpen
    }

    /// Runs a statement of which one row, or none, is wanted.
    ///
    /// - Parameters:
    ///   - definition: The statement.
    ///   - values: Its parameters.
    ///   - read: Makes a value of the row. It must not run the same statement.
    /// - Returns: What `read` made, or nil if there was no row. Rows after the
    ///   first are not looked at.
    /// - Throws: ``DatabaseError``, or what `read` throws.
    @inlinable public final func row<each Value: DatabaseValueConvertible, Result>(
        _ definition: StatementDefinition,
        _ values: repeat each Value,
        read: (borrowing Row) throws -> Result
    ) throws -> Result? {
        guard case .sqlite(let engine) = engine else {
            let answer = try ask(definition, Self.list(repeat each values))
            return answer.rowCount > 0 ? try read(Row(answer, 0)) : nil
        }
        let statement = try prepared(definition, engine)
        let start = ledger.beginMeasuring(.statement)
        defer {
            statement.reset()
            ledger.ended(definition, since: start)
        }
        try bind(statement, of: definition, repeat each values)
        guard try statement.next() else { return nil }
        let result = try read(Row(statement))
        if !statement.isReadOnly {
            // A foreign key is checked when a statement with RETURNING ends.
            while try statement.next() {}
        }
        return result
    }

    /// Runs a statement and makes a value of each row.
    ///
    /// - Parameters:
    ///   - definition: The statement.
    ///   - values: Its parameters.
    ///   - read: Makes a value of a row. It must not run the same statement.
    /// - Returns: The values, in the order of the rows.
    /// - Throws: ``DatabaseError``, or what `read` throws.
    @inlinable public final func rows<each Value: DatabaseValueConvertible, Element>(
        _ definition: StatementDefinition,
        _ values: repeat each Value,
        read: (borrowing Row) throws -> Element
    ) throws -> [Element] {
        guard case .sqlite(let engine) = engine else {
            let answer = try ask(definition, Self.list(repeat each values))
            var elements: [Element] = []
            for number in 0..<answer.rowCount { elements.append(try read(Row(answer, number))) }
            return elements
        }
        let statement = try prepared(definition, engine)
        let start = ledger.beginMeasuring(.statement)
        defer {
            statement.reset()
            ledger.ended(definition, since: start)
        }
        try bind(statement, of: definition, repeat each values)
        var elements: [Element] = []
        while try statement.next() {
            elements.append(try read(Row(statement)))
        }
        return elements
    }

    /// Runs a statement and shows each row to a closure.
    ///
    /// - Parameters:
    ///   - definition: The statement.
    ///   - values: Its parameters.
    ///   - body: Is called for each row. It must not run the same statement.
    /// - Throws: ``DatabaseError``, or what `body` throws.
    @inlinable public final func forEachRow<each Value: DatabaseValueConvertible>(
        _ definition: StatementDefinition,
        _ values: repeat each Value,
        body: (borrowing Row) throws -> Void
    ) throws {
        guard case .sqlite(let engine) = engine else {
            let answer = try ask(definition, Self.list(repeat each values))
            for number in 0..<answer.rowCount { try body(Row(answer, number)) }
            return
        }
        let statement = try prepared(definition, engine)
        let start = ledger.beginMeasuring(.statement)
        defer {
            statement.reset()
            ledger.ended(definition, since: start)
        }
        try bind(statement, of: definition, repeat each values)
        while try statement.next() {
            try body(Row(statement))
        }
    }
}

extension DatabaseReader {
    /// Finds the prepared statement and counts its use.
    @inlinable final func prepared(_ definition: StatementDefinition, _ engine: SQLiteEngine) throws -> SQLite.Statement
    {
        guard isOpen else {
            throw DatabaseError.misuse("the transaction has ended", statement: definition.id)
        }
        let index = definition.index
        let statement: SQLite.Statement
        if index < engine.slots.count, let kept = engine.slots[index] {
            statement = kept
        } else {
            statement = try engine.prepare(definition)
        }
        guard !statement.isRunning else {
            throw DatabaseError.misuse("the statement is running already", statement: definition.id)
        }
        guard mayWrite || statement.isReadOnly else {
            throw DatabaseError.misuse("the statement writes outside a write transaction", statement: definition.id)
        }
        ledger.runCount &+= 1
        return statement
    }

    /// Binds all parameters.
    @inlinable final func bind<each Value: DatabaseValueConvertible>(
        _ statement: SQLite.Statement,
        of definition: StatementDefinition,
        _ values: repeat each Value
    ) throws {
        let isChange = mayWrite && !statement.isReadOnly
        if isChange { ledger.note(definition) }
        var count = 0
        for value in repeat each values {
            count += 1
            let value = value.databaseValue
            try statement.bind(value, at: count)
            if isChange { ledger.note(definition, value, at: count) }
        }
        guard count == statement.parameterCount else {
            throw DatabaseError.misuse("the number of values is wrong", statement: statement.id)
        }
    }
}
