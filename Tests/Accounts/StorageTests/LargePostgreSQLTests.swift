import PostgreSQL
import PostgreSQLTestSupport
import Testing

@testable import Database

/// How PostgreSQL runs the statements where there are many users and it knows their statistics.
///
/// The check of the plans has it take every table for large, and sort only where it must. Here it is free: what it chooses
/// must read no large table from one end to the other, and sort none.
@Suite struct LargePostgreSQLTests {
    /// Whether a plan is made for the values at hand, or once for all that may come.
    enum PlanCacheMode: String, CaseIterable {
        case custom = "force_custom_plan"
        case generic = "force_generic_plan"
    }

    private static let size = 200_000

    /// Sequential ids as UUIDv7 has them; one administrator in a thousand, one disabled in thirty, a session each.
    private static let filling = [
        """
        INSERT INTO users (id, email, email_folded, name, name_folded, role, status, version, created_at, updated_at)
        SELECT convert_to(lpad(n::text, 16, '0'), 'UTF8'), 'User' || n || '@example.com', 'user' || n || '@example.com',
               'Name ' || n / 40, 'name ' || n / 40, CASE WHEN n % 1000 = 0 THEN 'admin' ELSE 'member' END,
               CASE WHEN n % 30 = 0 THEN 'disabled' ELSE 'active' END, 1, 1700000000000000 + n / 3, 1700000000000000 + n
        FROM generate_series(1, \(size)) AS n
        """,
        """
        INSERT INTO sessions (id, user_id, token_digest, created_at, last_seen_at, expires_at, ends_at, address,
                              user_agent)
        SELECT id, id, sha256(id), created_at, created_at, created_at + 1000, created_at + 1000, '', '' FROM users
        """,
        """
        INSERT INTO api_keys (id, user_id, token_digest, name, access, created_at)
        SELECT id, id, sha256(id), 'Key', 'read', created_at FROM users
        """,
        "ANALYZE users, sessions, api_keys",
    ]

    /// A value that a parameter may have, in the middle of what there is.
    private static func value(of type: String, isCount: Bool) -> String {
        switch type {
        case _ where isCount: "20"
        case "bytea": "'\\x30303030303030303030313030303030'"
        case "text": "'user\(size / 2)@example.com'"
        case "bigint": "\(1_700_000_000_000_000 + size / 6)"
        default: "NULL"
        }
    }

    private static func readsLargeTable(_ line: String) -> Bool {
        ["users", "sessions", "api_keys"].contains { line.contains("Seq Scan on \($0)") }
    }

    /// Whether all rows are sorted, and not only those that an index has side by side.
    private static func sorts(_ line: String) -> Bool {
        line.drop { " ->".contains($0) } == "Sort"
    }

    /// The plan of a statement for values as they come, a line for each step.
    private func plan(of definition: StatementDefinition, on connection: borrowing Connection) throws -> [String] {
        let sql = definition.postgreSQL
        let run = { (sql: String) in Statement("\(definition.id) \(sql)", sql: sql) }
        try connection.send(run("PREPARE explained AS \(sql)"))
        try connection.send(
            run("SELECT unnest(parameter_types)::text FROM pg_prepared_statements WHERE name = 'explained'")
        )
        let types = try connection.exchange(timeout: .seconds(60))[1]
        let values = try (0..<types.rowCount).map { number in
            let isCount = ["LIMIT", "OFFSET"].contains { sql.contains("\($0) $\(number + 1)") }
            if sql.contains("CAST(CAST($\(number + 1) AS text) AS pg_snapshot)") { return "'10:20:10,15'" }
            return Self.value(of: try types.string(number, 0), isCount: isCount)
        }
        let list = values.isEmpty ? "" : "(\(values.joined(separator: ", ")))"
        try connection.send(run("EXPLAIN (COSTS OFF) EXECUTE explained\(list)"))
        try connection.send(run("DEALLOCATE explained"))
        let plan = try connection.exchange(timeout: .seconds(60))[0]
        return try (0..<plan.rowCount).map { try plan.string($0, 0) }
    }

    @Test func `no plan reads or sorts a large table, for given values or for any`() throws {
        let scratch = try ScratchPostgreSQL()
        var options = scratch.database.options
        options.statementTimeout = .seconds(300)
        let connection = try Connection(options)
        for sql in Self.filling { try connection.send(Statement(sql, sql: sql)) }
        _ = try connection.exchange(timeout: .seconds(300))
        for mode in PlanCacheMode.allCases {
            try connection.send(Statement(mode.rawValue, sql: "SET plan_cache_mode = \(mode.rawValue)"))
            _ = try connection.exchange(timeout: .seconds(60))
            for definition in scratch.registry.definitions where !definition.postgreSQL.hasPrefix("LOCK") {
                let plan = try plan(of: definition, on: connection)
                let isBad = plan.contains { Self.readsLargeTable($0) || Self.sorts($0) && definition.listsUsers }
                #expect(!isBad || definition.mayReadAll, "\(mode) \(definition.id)\n\(plan.joined(separator: "\n"))")
            }
        }
    }
}

extension StatementDefinition {
    fileprivate var listsUsers: Bool { reads == ["users"] }

    /// What counts reads what it counts; and it may be declared.
    fileprivate var mayReadAll: Bool {
        id.hasSuffix(".count")
            || plan.contains { expectation in
                if case .scan = expectation.kind { true } else { false }
            }
    }
}
