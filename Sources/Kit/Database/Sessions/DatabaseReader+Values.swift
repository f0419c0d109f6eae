internal import PostgreSQL
internal import SQLite

extension DatabaseReader {
    /// Runs a statement whose parameters are not known before the program runs, and makes a value of each row.
    ///
    /// - Parameters:
    ///   - definition: The statement.
    ///   - values: Its parameters.
    ///   - read: Makes a value of a row. It must not run the same statement.
    /// - Returns: The values, in the order of the rows.
    /// - Throws: ``DatabaseError``, or what `read` throws.
    public final func rows<Element>(
        _ definition: StatementDefinition,
        values: [DatabaseValue],
        read: (borrowing Row) throws -> Element
    ) throws -> [Element] {
        guard case .sqlite(let engine) = engine else {
            let answer = try ask(definition, values)
            return try (0..<answer.rowCount).map { try read(Row(answer, $0)) }
        }
        let statement = try prepared(definition, engine)
        defer { statement.reset() }
        try bind(statement, of: definition, values: values)
        var elements: [Element] = []
        while try statement.next() {
            elements.append(try read(Row(statement)))
        }
        return elements
    }

    /// Binds all parameters.
    final func bind(_ statement: SQLite.Statement, of definition: StatementDefinition, values: [DatabaseValue]) throws {
        guard values.count == statement.parameterCount else {
            throw DatabaseError.misuse("the number of values is wrong", statement: statement.id)
        }
        let isChange = mayWrite && !statement.isReadOnly
        if isChange { ledger.note(definition) }
        for (index, value) in values.enumerated() {
            try statement.bind(value, at: index + 1)
            if isChange { ledger.note(definition, value, at: index + 1) }
        }
    }
}
