import Database
import Domain
import Events
import Storage
import StorageTestSupport
import TestSupport
import Testing

@testable import struct Storage.CopiedTable

/// Moving from the embedded database to a server.
@Suite struct DatabaseCopyTests {
    private let source: ScratchDatabase
    private let target: ScratchPostgreSQL
    private let copy: DatabaseCopy

    init() throws {
        source = try ScratchDatabase()
        target = try ScratchPostgreSQL()
        copy = DatabaseCopy(
            from: try DatabaseSession(source.options, registry: try DatabaseCopy.registry()),
            to: DatabaseSession(target.database, registry: try DatabaseCopy.registry())
        )
    }

    /// Something in every table, and more users than a batch has.
    private func fill() throws {
        let unitOfWork = SQLUnitOfWork(source.session)
        try unitOfWork.perform { transaction in
            for number: UInt64 in 1...1203 { try transaction.users.insert(.fixture(number), passwordHash: nil) }
            try transaction.users.setPasswordHash(PasswordHash("h\u{e9}"), of: .fixture(1))
            try transaction.sessions.insert(.fixture(1), tokenDigest: .fixture(1))
            try transaction.keys.insert(.fixture(1), tokenDigest: .fixture(2))
            try transaction.confirmations.insert(.fixture(1, .changeTo, of: 1), tokenDigest: .fixture(3))
            try transaction.confirmations.setVerified(EmailAddress(stored: "a@example.com"), of: .fixture(1), at: .t0)
            try transaction.receipts.insert(.fixture(1, client: 7))
            try transaction.events.begin(consumer: "late", atFirst: true)
        }
        try unitOfWork.tell(.userEnabled(.fixture(1)), .userDeleted(.fixture(2)))
        try unitOfWork.perform { try $0.audit.link(.fixture(1)) }
    }

    @Test func `every row goes over, and everything works there`() throws {
        try fill()
        let total = try copy.rowCount()
        // What the schema has put there is there already.
        #expect(try copy.run() >= total - 2)
        #expect(try copy.verify() == total)
        let unitOfWork = SQLUnitOfWork(target.session)
        #expect(try unitOfWork.read { try $0.sessions.find(.fixture(1))?.session } == .fixture(1))
        #expect(try unitOfWork.read { try $0.keys.find(.fixture(2))?.key } == .fixture(1))
        // What is new gets numbers behind those that were copied.
        try unitOfWork.perform { try $0.receipts.insert(.fixture(2, client: 8)) }
        try unitOfWork.tell(.userEnabled(.fixture(1)))
        #expect(try SQLOutbox(target.session).events(after: 0, limit: 10).map(\.sequence) == [1, 2, 3])
    }

    @Test func `a copy that ended in the middle goes on where it was`() throws {
        struct Interruption: Error {}
        try fill()
        for limit in [500, 1000] {
            #expect(throws: Interruption.self) {
                try copy.run { done in if done > limit { throw Interruption() } }
            }
            #expect(throws: DatabaseCopy.Difference.self) { try copy.verify() }
        }
        // The users are there.
        #expect(try copy.run() <= (try copy.rowCount()) - 1203)
        #expect(try copy.verify() == (try copy.rowCount()))
        #expect(try copy.run() == 0)
    }

    @Test func `a database with rows of its own is left as it is`() throws {
        try fill()
        try SQLUnitOfWork(target.session).perform { try $0.users.insert(.fixture(3, name: "Other"), passwordHash: nil) }
        #expect(throws: DatabaseCopy.Difference(table: "users")) { try copy.run() }
        #expect(try SQLUnitOfWork(target.session).read { try $0.users.count() } == 1)
    }

    @Test func `every table and every column is copied`() throws {
        let columns = StatementDefinition(
            "test.columns",
            sql: """
                SELECT t.name || '.' || c.name FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c
                WHERE t.type = 'table' AND t.name <> 'schema_migrations' ORDER BY 1
                """
        )
        let session = try DatabaseSession(source.options, registry: try StatementRegistry([columns]))
        let copied = CopiedTable.all.flatMap { table in table.columns.map { "\(table.name).\($0.name)" } }
        #expect(try session.rows(columns) { try $0.string(0) } == copied.sorted())
    }
}
