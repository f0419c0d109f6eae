import Database
import Domain
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// What holds of statements also where there are many users and the planner knows their statistics.
@Suite struct LargeDatabaseTests {
    /// Sequential ids as UUIDv7 has them; one administrator in a thousand, one disabled in thirty.
    private static let fill = StatementDefinition(
        "test.fill",
        writes: ["users"],
        sql: """
            WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
            INSERT INTO users (id, email, email_folded, name, name_folded, role, status, password_hash,
                               version, created_at, updated_at)
            SELECT CAST(printf('%016d', n) AS BLOB), printf('User%07d@example.com', n),
                   printf('user%07d@example.com', n), 'Name ' || (n / 40), 'name ' || (n / 40),
                   iif(n % 1000 = 0, 'admin', 'member'), iif(n % 30 = 0, 'disabled', 'active'), NULL,
                   1, 1700000000000000 + n / 3, 1700000000000000 + n
            FROM numbers
            """
    )
    private static let analyze = StatementDefinition("test.analyze", sql: "ANALYZE")

    private func open(_ database: ScratchDatabase, _ statements: [StatementDefinition]) throws -> DatabaseSession {
        let options = DatabaseOptions(path: "\(database.directory.path)/test.db", durability: .processEnd)
        return try DatabaseSession(options, registry: try StatementRegistry(statements))
    }

    private func filled(_ count: Int) throws -> ScratchDatabase {
        let database = try ScratchDatabase()
        let filling = try open(database, [Self.fill, Self.analyze])
        _ = try filling.write { try $0.execute(Self.fill, count) }
        _ = try filling.write { try $0.execute(Self.analyze) }
        return database
    }

    @Test func `every plan is as declared on 200,000 users with statistics`() throws {
        let database = try filled(200_000)
        // A session of its own, which has read the statistics.
        let session = try open(database, database.registry.definitions)
        let violations = try database.registry.planViolations(in: session)
        #expect(violations.isEmpty, "\(violations)")
    }

    @Test func `a list takes the same number of statements for 1 and for 100 rows`() throws {
        let database = try filled(300)
        let work = SQLUnitOfWork(database.session)
        func statements(_ work: () throws -> Int) throws -> (rows: Int, statements: Int) {
            let before = database.session.statementCount
            return (try work(), database.session.statementCount - before)
        }
        for sort in [UserSort.newestFirst, UserSort(by: .name, descending: false)] {
            let list = try UserList(UserCriteria(), sortedBy: sort)
            let counts = try [1, 100].map { size in
                try statements {
                    try work.read { transaction in
                        _ = try transaction.users.count(list)
                        let slice = try UserSlice(PageRequest(number: 1, size: size), of: list)
                        return try transaction.users.users(in: slice).count
                    }
                }
            }
            #expect(counts.map(\.rows) == [2, 101])
            #expect(counts.map(\.statements) == [2, 2])
            let walks = try [1, 100].map { size in
                try statements {
                    let slice = UserSlice(try WalkRequest(.begin, size: size), of: list)
                    return try work.read { try $0.users.users(in: slice).count }
                }
            }
            #expect(walks.map(\.rows) == [2, 101])
            #expect(walks.map(\.statements) == [1, 1])
        }
    }
}
