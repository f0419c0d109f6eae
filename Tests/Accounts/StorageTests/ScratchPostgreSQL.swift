import Database
import Domain
import PostgreSQL
import PostgreSQLTestSupport
import Services
import Storage
import TestSupport

/// A database of a test's own on PostgreSQL, with the whole schema.
struct ScratchPostgreSQL {
    let database: PostgreSQLDatabase
    let registry: StatementRegistry
    let session: DatabaseSession

    init(observer: (any CommitObserver)? = nil, log: CommitLog? = nil) throws {
        let server = try ScratchServer.shared()
        let registry = try Statements.registry(for: .postgreSQL)
        try server.prepareTemplate("accounts") { options in
            let session = DatabaseSession(PostgreSQLDatabase(options), registry: registry)
            _ = try Schema.migrator().up(in: session)
        }
        self.registry = registry
        database = PostgreSQLDatabase(try server.makeDatabase(from: "accounts"), observer: observer, log: log)
        session = DatabaseSession(database, registry: registry)
    }
}

/// Transactions on PostgreSQL after each of which events get their numbers, as a relay sees to it.
struct NumberingUnitOfWork: UnitOfWork {
    private let unitOfWork: SQLUnitOfWork
    private let outbox: SQLOutbox

    init(_ session: DatabaseSession) {
        unitOfWork = SQLUnitOfWork(session)
        outbox = SQLOutbox(session)
    }

    var looksForReceiptsFirst: Bool { unitOfWork.looksForReceiptsFirst }

    func perform<Value>(_ body: (any Transaction) throws -> Value) throws -> Value {
        let value = try unitOfWork.perform(body)
        while try outbox.numberEvents() {}
        return value
    }

    func read<Value>(_ body: (any Transaction) throws -> Value) throws -> Value { try unitOfWork.read(body) }

    func lookUp<Value>(_ body: (any Transaction) throws -> Value) throws -> Value { try unitOfWork.lookUp(body) }
}

/// Makes two accounts with their receipts, and counts the round trips of the second: with the first statements are prepared.
func roundTripsOfSecondChange(in session: DatabaseSession) throws -> Int {
    let unitOfWork = SQLUnitOfWork(session)
    func create(_ number: UInt8) throws {
        let answering = Answering<Void, String>(once: .fixture(number)) { "made" }
        _ = try unitOfWork.perform(answering) { transaction in
            try transaction.users.insert(.fixture(UInt64(number)), passwordHash: nil)
        }
    }
    try create(1)
    let before = session.roundTripCount
    try create(2)
    return session.roundTripCount - before
}
