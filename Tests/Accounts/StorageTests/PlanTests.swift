import Database
import Domain
import Storage
import TestSupport
import Testing

/// Every statement is served by the index that it declares.
@Suite struct PlanTests {
    @Test func `every plan is as declared on an empty database`() throws {
        let database = try ScratchDatabase()
        let violations = try database.registry.planViolations(in: database.session)
        #expect(violations.isEmpty, "\(violations)")
    }

    @Test(arguments: [
        "users_email_folded", "users_created_at", "users_updated_at", "users_name_folded", "users_role_status",
        "sessions_token_digest", "sessions_user_id",
    ])
    func `without one of the indexes the check goes red`(index: String) throws {
        let database = try ScratchDatabase()
        let drop = Migration(id: 999, name: "drop an index", up: ["DROP INDEX \(index)"], irreversible: "a test")
        _ = try Migrator(Schema.migrations + [drop]).up(in: database.session)
        // A statement that names its index no longer prepares at all, which is as red.
        let violations = try? database.registry.planViolations(in: database.session)
        #expect(violations?.isEmpty != true)
    }

    @Test func `a page takes the same number of statements for 1 and for 100 rows`() throws {
        let database = try ScratchDatabase()
        let work = SQLUnitOfWork(database.session)
        func statementsForPage() throws -> Int {
            let before = database.session.statementCount
            _ = try work.read { try ($0.users.page(.first, sortedBy: .newestFirst), $0.users.count()) }
            return database.session.statementCount - before
        }
        try work.perform { try $0.users.insert(.fixture(1), passwordHash: nil) }
        let forOne = try statementsForPage()
        for number in UInt64(2)...100 { try work.perform { try $0.users.insert(.fixture(number), passwordHash: nil) } }
        #expect(try statementsForPage() == forOne)
    }
}
