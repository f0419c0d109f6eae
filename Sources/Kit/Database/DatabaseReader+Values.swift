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
        let statement = try prepared(definition)
        defer { statement.reset() }
        guard values.count == statement.parameterCount else {
            throw DatabaseError.misuse("the number of values is wrong", statement: statement.id)
        }
        let isChange = mayWrite && !statement.isReadOnly
        if isChange { statements.note(definition) }
        for (index, value) in values.enumerated() {
            try statement.bind(value, at: index + 1)
            if isChange { statements.note(definition, value, at: index + 1) }
        }
        var elements: [Element] = []
        while try statement.next() {
            elements.append(try read(Row(statement)))
        }
        return elements
    }
}
