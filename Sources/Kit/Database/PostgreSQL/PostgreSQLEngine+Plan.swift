internal import PostgreSQL

extension PostgreSQLEngine {
    /// How the server would run statements whatever their values are, a line for each step.
    ///
    /// PostgreSQL 15 explains a plan for any values only of a statement that was prepared by SQL.
    ///
    /// - Parameters:
    ///   - definitions: The statements.
    ///   - isForLargeTables: Whether the server is to take every table for large, as it will be one day: then it searches by
    ///     an index wherever there is one that fits.
    /// - Returns: The plans, in the order of the statements; an empty one for a statement that needs none.
    /// - Throws: ``DatabaseError``, for one where a statement does not fit the schema.
    func plans(of definitions: [StatementDefinition], isForLargeTables: Bool = false) throws -> [[String]] {
        let assumptions =
            isForLargeTables ? ["seqscan", "bitmapscan", "sort", "incremental_sort", "hashjoin", "mergejoin"] : []
        let settings = ["plan_cache_mode = force_generic_plan"] + assumptions.map { "enable_\($0) = off" }
        return try onOwnConnection { connection in
            var plans: [[String]] = []
            for definition in definitions { plans.append(try plan(of: definition, under: settings, on: connection)) }
            return plans
        }
    }

    private func plan(
        of definition: StatementDefinition,
        under settings: [String],
        on connection: borrowing Connection
    ) throws -> [String] {
        guard definition.isPlanned else { return [] }
        let sql = definition.postgreSQL
        let values = Array(repeating: "NULL", count: Self.parameterCount(of: sql)).joined(separator: ", ")
        let execution = "explained" + (values.isEmpty ? "" : "(\(values))")
        // Through a pooler each transaction may have another connection, on which nothing may be left behind.
        try connection.send(Statement("begin", sql: "BEGIN"))
        for setting in settings { try connection.send(Statement(setting, sql: "SET LOCAL \(setting)")) }
        try connection.send(Statement("prepare \(definition.id)", sql: "PREPARE explained AS \(sql)"))
        try connection.send(
            Statement("explain \(definition.id)", sql: "EXPLAIN (COSTS OFF) EXECUTE \(execution)")
        )
        try connection.send(Statement("release", sql: "DEALLOCATE explained"))
        try connection.send(Statement("rollback", sql: "ROLLBACK"))
        do throws(PostgreSQLError) {
            guard let plan = try connection.exchange(timeout: .seconds(10)).dropLast(2).last else { return [] }
            var lines: [String] = []
            for row in 0..<plan.rowCount { lines.append(try plan.string(row, 0)) }
            return lines
        } catch {
            throw error.named(definition.id)
        }
    }

    /// Has the server look at every statement of a registry.
    ///
    /// - Throws: ``DatabaseError`` of the first that does not fit the schema.
    func requireFit(_ registry: StatementRegistry) throws {
        try onOwnConnection { connection in
            for definition in registry.definitions where definition.isPlanned {
                // A name of its own: a connection prepares each name once.
                try connection.send(
                    Statement("prepare \(definition.id)", sql: "PREPARE fitting AS \(definition.postgreSQL)")
                )
                try connection.send(Statement("release", sql: "DEALLOCATE fitting"))
                do throws(PostgreSQLError) {
                    _ = try connection.exchange(timeout: .seconds(10))
                } catch {
                    throw error.named(definition.id)
                }
            }
        }
    }

    /// One that ends with the work: what was prepared by SQL goes with it, whatever becomes of it.
    private func onOwnConnection<Result>(_ body: (borrowing Connection) throws -> Result) throws -> Result {
        do { return try body(try database.source.connect()) } catch let error as PostgreSQLError {
            throw DatabaseError(error)
        }
    }

    /// The greatest number among the parameters `$1`, `$2` ...
    static func parameterCount(of sql: String) -> Int {
        let pieces = sql.split(separator: "$", omittingEmptySubsequences: false).dropFirst()
        return pieces.compactMap { Int($0.prefix { $0.isASCII && $0.isNumber }) }.max() ?? 0
    }
}

extension StatementDefinition {
    /// Whether SQL itself can prepare the statement, as it can what reads or changes rows.
    fileprivate var isPlanned: Bool { !postgreSQL.hasPrefix("LOCK") }
}
