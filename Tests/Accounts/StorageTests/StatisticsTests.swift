import Database
import Domain
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// Statistics for the planner.
struct StatisticsTests {
    private static let fill = StatementDefinition(
        "test.fill",
        writes: ["users"],
        sql: """
            WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
            INSERT INTO users (id, email, email_folded, name, name_folded, role, status, password_hash,
                               version, created_at, updated_at)
            SELECT CAST(printf('%016d', n) AS BLOB), printf('U%07d@example.com', n), printf('u%07d@example.com', n),
                   'Name ' || (n / 40), 'name ' || (n / 40), iif(n % 1000 = 0, 'admin', 'member'), 'active', NULL,
                   1, n, n
            FROM numbers
            """
    )
    private static let count = StatementDefinition("test.count", sql: "SELECT count(*) FROM sqlite_stat1")
    private static let tables = StatementDefinition(
        "test.tables",
        sql: "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'"
    )

    private func session(_ database: ScratchDatabase, _ statements: [StatementDefinition]) throws -> DatabaseSession {
        let options = DatabaseOptions(path: "\(database.directory.path)/test.db", durability: .processEnd)
        return try DatabaseSession(options, registry: try StatementRegistry(statements))
    }

    @Test func `a small table gets none, for it may grow`() throws {
        let database = try ScratchDatabase()
        let session = try session(database, [Self.fill, Self.tables])
        try session.write { _ = try $0.execute(Self.fill, DatabaseSession.rowsWithStatistics - 1) }
        try database.session.refreshStatistics(rowsPerIndex: 400)
        #expect(try session.row(Self.tables) { try $0.int(0) } == 0)
    }

    @Test func `a large one does, and every plan stays as declared`() throws {
        let database = try ScratchDatabase()
        let filling = try session(database, [Self.fill])
        try filling.write { _ = try $0.execute(Self.fill, 50_000) }
        try database.session.refreshStatistics(rowsPerIndex: 400)
        try database.session.refreshStatistics(rowsPerIndex: 400)
        let counting = try session(database, [Self.count])
        #expect(try counting.row(Self.count) { try $0.int(0) } ?? 0 > 5)
        // A session of its own, which has read the statistics.
        let fresh = try session(database, database.registry.definitions)
        let violations = try database.registry.planViolations(in: fresh)
        #expect(violations.isEmpty, "\(violations)")
    }
}
