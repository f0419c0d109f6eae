import Caching
import Database
import Domain
import Services
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// Receipts in a database, beside caches that did not hear of the change.
struct ReceiptTests {
    private let site: CachedSite
    /// A worker that was killed between the commit and telling of it: nobody shares its generations.
    private let killed: SQLUnitOfWork
    private let administrator = Principal(user: .fixture(1, role: .administrator), sessionID: .fixture(1))

    init() throws {
        site = try CachedSite()
        var options = site.database.options
        options.observer = CacheInvalidation(ProcessGenerations())
        killed = SQLUnitOfWork(try DatabaseSession(options, registry: site.database.registry))
        #expect(try name() == "User 2")
    }

    private func name() throws -> String {
        try site.there.users.read(.fixture(2), by: administrator).name.text
    }

    private func receipts(_ unitOfWork: SQLUnitOfWork) -> ReceiptService {
        ReceiptService(unitOfWork: unitOfWork, sealing: CheapReceiptSealing(), clock: site.clock)
    }

    private func rename(_ name: ChangeName) throws {
        let once = receipts(killed).once(name, plain: { $0 }, restore: { answer, _ in answer })
        let answering = Answering<User, PlainAnswer>(once: once) { user in
            PlainAnswer(status: 200, content: Array(user.name.text.utf8))
        }
        let users = UserService(
            unitOfWork: killed,
            passwords: CheapPasswordHasher(),
            commonPasswords: CommonPasswords(),
            clock: site.clock,
            random: SeededRandom(),
            registrationIsOpen: false
        )
        let changes = UserChanges(name: try PersonName("Renamed"))
        let answer = try users.update(.fixture(2), with: changes, by: administrator, answering: answering)
        #expect(answer.content == Array("Renamed".utf8))
        // What this is about: others still remember what was.
        #expect(try self.name() == "User 2")
    }

    @Test func `who answers a second try makes old, before it does, what the first one changed`() throws {
        try rename(.fixture(1))
        let answer = try receipts(site.hereUnit).answer(toRequest: .fixture(1))
        #expect(answer == PlainAnswer(status: 200, content: Array("Renamed".utf8)))
        #expect(try name() == "Renamed")
    }

    @Test func `so does who answers a client again`() throws {
        try rename(.fixture(1, client: 7))
        let client = try #require(ChangeName.fixture(2, client: 7).client)
        #expect(try receipts(site.hereUnit).answer(to: client)?.status == 200)
        #expect(try name() == "Renamed")
    }

    @Test func `so does who finds the receipt only in the transaction`() throws {
        try rename(.fixture(1))
        let once = receipts(site.hereUnit).once(.fixture(1), plain: { $0 }, restore: { answer, _ in answer })
        let answer = try site.hereUnit.perform(
            Answering<Void, PlainAnswer>(once: once) { PlainAnswer(status: 204, content: []) }
        ) {
            _ in Issue.record("the change was made twice")
        }
        #expect(answer.status == 200)
        #expect(try name() == "Renamed")
    }

    @Test func `without a receipt one statement finds out, and nothing becomes old`() throws {
        let before = site.database.session.statementCount
        #expect(try receipts(site.hereUnit).answer(toRequest: .fixture(9)) == nil)
        #expect(site.database.session.statementCount == before + 1)
        #expect(try name() == "User 2")
    }

    @Test func `an answer that cannot be opened is a fault, and the change is not made again`() throws {
        try rename(.fixture(1))
        struct Locked: ReceiptSealing {
            func key(of bytes: [UInt8]) -> ReceiptKey { CheapReceiptSealing().key(of: bytes) }
            func fingerprint(of bytes: [UInt8]) -> Fingerprint { CheapReceiptSealing().fingerprint(of: bytes) }
            func seal(_ bytes: [UInt8], for request: ReceiptKey) -> [UInt8] { bytes }
            func open(_ sealed: [UInt8], for request: ReceiptKey) -> [UInt8]? { nil }
        }
        let service = ReceiptService(unitOfWork: site.hereUnit, sealing: Locked(), clock: site.clock)
        #expect(throws: (any Error).self) { try service.answer(toRequest: .fixture(1)) }
    }
}
