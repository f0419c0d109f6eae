import PostgreSQL
import PostgreSQLTestSupport

extension Connection {
    /// Runs statements in one exchange.
    @discardableResult
    func run(_ statements: String..., timeout: Duration = .seconds(60)) throws -> [StatementResult] {
        for (index, sql) in statements.enumerated() { try send(Statement("test \(index) \(sql)", sql: sql)) }
        return try exchange(timeout: timeout)
    }

    /// The first column of the first row of a statement, an integer.
    func number(_ sql: String, _ parameters: Parameters = Parameters()) throws -> Int64? {
        try send(Statement(sql, sql: sql), parameters)
        guard let result = try exchange(timeout: .seconds(60)).first, result.rowCount > 0 else { return nil }
        return try result.int64(0, 0)
    }
}

/// A connection to a new database on the server that tests share.
func connect(_ change: (inout ConnectionOptions) -> Void = { _ in }) throws -> Connection {
    var options = try ScratchServer.shared().makeDatabase()
    change(&options)
    return try Connection(options)
}

/// The error that something fails with.
func failure(_ work: () throws -> Void) throws -> PostgreSQLError? {
    do { try work() } catch let error as PostgreSQLError { return error }
    return nil
}
