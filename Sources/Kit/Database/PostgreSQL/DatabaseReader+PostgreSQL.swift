public import PostgreSQL

extension DatabaseReader {
    /// Runs a statement on PostgreSQL.
    @usableFromInline final func ask(
        _ definition: StatementDefinition,
        _ values: [DatabaseValue]
    ) throws -> StatementResult {
        guard case .postgreSQL(let engine) = engine else {
            throw DatabaseError.misuse("the session is not on PostgreSQL", statement: definition.id)
        }
        try require(definition, values)
        let start = ledger.beginMeasuring(.statement)
        defer { ledger.ended(definition, since: start) }
        return try engine.run(definition, values)
    }

    /// What every statement has to meet, and what is noted of one that writes.
    final func require(_ definition: StatementDefinition, _ values: [DatabaseValue]) throws {
        guard isOpen else {
            throw DatabaseError.misuse("the transaction has ended", statement: definition.id)
        }
        // What is declared: on SQLite it is held against what the statement does.
        guard mayWrite || definition.writes.isEmpty else {
            throw DatabaseError.misuse("the statement writes outside a write transaction", statement: definition.id)
        }
        ledger.runCount &+= 1
        guard mayWrite, !definition.writes.isEmpty else { return }
        ledger.note(definition)
        for (index, value) in values.enumerated() { ledger.note(definition, value, at: index + 1) }
    }

    /// The parameters as a list.
    @inlinable static func list<each Value: DatabaseValueConvertible>(_ values: repeat each Value) -> [DatabaseValue] {
        var list: [DatabaseValue] = []
        for value in repeat each values { list.append(value.databaseValue) }
        return list
    }
}
