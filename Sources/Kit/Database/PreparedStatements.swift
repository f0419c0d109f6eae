public import SQLite

/// A session's connection and the statements that it has prepared.
///
/// Each statement is prepared when it is first used and kept for the life of
/// the session, at the index of its definition.
@usableFromInline final class PreparedStatements {
    let connection: Connection
    let registry: StatementRegistry

    @usableFromInline var slots: [Statement?]

    /// How many rows the last statement changed.
    @usableFromInline var changes: Int { connection.changes }

    // How many statements were run.
    @usableFromInline var runCount = 0

    init(connection: consuming Connection, registry: StatementRegistry) {
        self.connection = connection
        self.registry = registry
        slots = Array(repeating: nil, count: registry.slotCount)
    }

    /// Prepares a statement that is used for the first time.
    @usableFromInline func prepare(_ definition: StatementDefinition) throws -> Statement {
        guard registry.contains(definition) else {
            throw DatabaseError.misuse("the statement is not in the session's registry", statement: definition.id)
        }
        do throws(SQLiteError) {
            let statement = try connection.prepare(definition.sql, id: definition.id)
            slots[definition.index] = statement
            return statement
        } catch {
            throw DatabaseError(error)
        }
    }
}
