package import Database

/// The statement that shows whether the database answers.
package enum HealthStatements {
    static let all = [ping]

    /// Reads a page of the file: `SELECT 1` would be answered without it.
    static let ping = StatementDefinition(
        "health.ping",
        reads: ["users"],
        plan: [.scan("users", along: "users_created_at", because: "one row at most is looked at")],
        sql: "SELECT 1 FROM users INDEXED BY users_created_at LIMIT 1"
    )

    /// Has the statement answered now.
    ///
    /// - Throws: ``DatabaseError`` where it is not.
    package static func ask(_ session: DatabaseSession) throws {
        _ = try session.rows(ping) { _ in }
    }
}
