internal import SQLite

extension DatabaseSession {
    /// From how many rows on a table gets statistics.
    ///
    /// Without them the planner takes a table for large and searches by its indexes, which is what the plans of the
    /// registry say. With those of a small table it may read the whole table, and would go on to do so when the table has
    /// grown: sessions read statistics when they are opened.
    public static let rowsWithStatistics = 10_000

    /// Counts anew what the planner knows of large tables.
    ///
    /// One write transaction for each of them. Sessions that are opened later use what it found.
    ///
    /// - Parameter limit: how many rows of each index are looked at, so that the lock is held for a moment only, however
    ///   large the table.
    /// - Throws: ``DatabaseError``.
    public func refreshStatistics(rowsPerIndex limit: Int) throws {
        for table in try largeTables() {
            try write { _ in
                try withConnection { connection in
                    try connection.execute("PRAGMA analysis_limit = \(limit)", id: "statistics")
                    try connection.execute("ANALYZE main.\(table)", id: "statistics")
                }
            }
        }
    }

    /// The quoted names of the tables that have enough rows.
    private func largeTables() throws -> [String] {
        try withConnection { connection in
            let list = try connection.prepare(
                """
                SELECT '"' || replace(name, '"', '""') || '"' FROM sqlite_schema
                WHERE type = 'table' AND name NOT LIKE 'sqlite%'
                """,
                id: "statistics"
            )
            var tables: [String] = []
            while try list.step() {
                let table = try list.string(at: 0)
                let row = try connection.prepare(
                    "SELECT 1 FROM main.\(table) LIMIT 1 OFFSET \(Self.rowsWithStatistics - 1)",
                    id: "statistics"
                )
                if try row.step() { tables.append(table) }
            }
            return tables
        }
    }
}
