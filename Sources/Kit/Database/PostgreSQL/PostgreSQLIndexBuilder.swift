internal import PostgreSQL

/// Builds and drops indexes on PostgreSQL while their tables are in use.
///
/// Neither can be done in a transaction. The server goes through the table twice, and waits in between for all transactions
/// that may not know of the index yet, without a limit of time: one that is given up leaves an invalid index, which is kept
/// up to date and used by nobody, and which `IF NOT EXISTS` takes for an index.
struct PostgreSQLIndexBuilder: IndexBuilder {
    private static let attempts = 3

    let history: PostgreSQLSchemaHistory

    private enum State {
        case missing
        case invalid
        case whole
    }

    private func state(of index: ConcurrentIndex) throws -> State {
        let answer = try history.ask(
            "SELECT indisvalid AND indisready FROM pg_index WHERE indexrelid = to_regclass('\(index.name)')"
        )
        guard answer.rowCount > 0 else { return .missing }
        return try answer.int64(0, 0) != 0 ? .whole : .invalid
    }

    func isWhole(_ index: ConcurrentIndex) throws -> Bool { try state(of: index) == .whole }

    func build(_ index: ConcurrentIndex, of migration: Migration) throws {
        try withoutLimits {
            var attempt = 1
            while try state(of: index) != .whole {
                try dropIfThere(index, migration)
                do {
                    try history.ask(index.creation(.postgreSQL), id: migration.title)
                } catch let error as DatabaseError {
                    // An invalid index that is unique refuses rows all the same.
                    try? dropIfThere(index, migration)
                    guard attempt < Self.attempts, error.diagnosis.code == SQLState.deadlock.rawValue else {
                        throw error
                    }
                    attempt += 1
                }
            }
        }
    }

    func drop(_ index: ConcurrentIndex, of migration: Migration) throws {
        try withoutLimits { try dropIfThere(index, migration) }
    }

    private func dropIfThere(_ index: ConcurrentIndex, _ migration: Migration) throws {
        guard try state(of: index) != .missing else { return }
        try history.ask(index.removal(.postgreSQL), id: migration.title)
    }

    /// For as long as it takes; but the server looks whether its client still lives, so that one that was killed does not
    /// keep others waiting.
    private func withoutLimits(_ body: () throws -> Void) throws {
        let settings = [
            ("lock_timeout", "0"), ("statement_timeout", "0"), ("client_connection_check_interval", "'1s'"),
        ]
        for (name, value) in settings { try history.ask("SET \(name) = \(value)") }
        defer { for (name, _) in settings { _ = try? history.ask("RESET \(name)") } }
        try body()
    }
}
