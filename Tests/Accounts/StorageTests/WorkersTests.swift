import Database
import Domain
import Services
import Storage
import TestSupport
import Testing

/// What one worker ends has ended in all others at once: each asks the database with every request.
struct WorkersTests {
    /// The services of one worker, on a database session of its own.
    private struct Worker {
        let users: UserService
        let sessions: SessionService
        let keys: APIKeyService

        init(_ database: ScratchDatabase, _ session: DatabaseSession, _ random: SeededRandom) {
            let unitOfWork = SQLUnitOfWork(session)
            users = UserService(
                unitOfWork: unitOfWork,
                passwords: CheapPasswordHasher(),
                commonPasswords: CommonPasswords(),
                clock: ManualClock(),
                random: random,
                registrationIsOpen: false
            )
            sessions = SessionService(
                unitOfWork: unitOfWork,
                passwords: CheapPasswordHasher(),
                digests: CheapTokenDigest(),
                clock: ManualClock(),
                random: random,
                policy: SessionPolicy(),
                report: { Issue.record($0) }
            )
            keys = APIKeyService(
                unitOfWork: unitOfWork,
                digests: CheapTokenDigest(),
                clock: ManualClock(),
                random: random,
                report: { Issue.record($0) }
            )
        }
    }

    private let database: ScratchDatabase
    private let other: DatabaseSession
    private let here: Worker
    private let there: Worker
    private let token: String
    private let key: String
    private let administrator = Principal(user: .fixture(1, role: .administrator), sessionID: .fixture(1))

    init() throws {
        database = try ScratchDatabase()
        let options = DatabaseOptions(path: "\(database.directory.path)/test.db", durability: .processEnd)
        other = try DatabaseSession(options, registry: database.registry)
        let random = SeededRandom()
        here = Worker(database, database.session, random)
        there = Worker(database, other, random)
        try SQLUnitOfWork(database.session).perform { transaction in
            try transaction.users.insert(.fixture(1, role: .administrator), passwordHash: nil)
            try transaction.users.insert(.fixture(2), passwordHash: PasswordHash("cheap$1$quantal vellum ostrich"))
        }
        let password = "quantal vellum ostrich"
        token = try there.sessions.signIn(email: "user2@example.com", password: password, from: .fixture).token.text
        let newKey = NewAPIKey(name: try APIKeyName("Backup"))
        key = try there.keys.create(newKey, by: try there.sessions.authenticate(token)).token.text
        #expect(try there.keys.authenticate(key).user.id == .fixture(2))
        #expect(try there.sessions.authenticate(token).user.id == .fixture(2))
    }

    private func expectSessionsEnded() {
        #expect(throws: DomainError.unauthenticated) { try there.sessions.authenticate(token) }
    }

    private func expectAllEnded() {
        expectSessionsEnded()
        #expect(throws: DomainError.unauthenticated) { try there.keys.authenticate(key) }
    }

    @Test func `disabling a user`() throws {
        _ = try here.users.update(.fixture(2), with: UserChanges(status: .disabled), by: administrator)
        expectAllEnded()
        _ = try here.users.update(.fixture(2), with: UserChanges(status: .active), by: administrator)
        expectAllEnded()
    }

    @Test func `deleting a user`() throws {
        try here.users.delete(.fixture(2), by: administrator)
        expectAllEnded()
    }

    @Test func `setting a password`() throws {
        let changes = UserChanges(password: try Password("kettle, gravel & two owls"))
        _ = try here.users.update(.fixture(2), with: changes, by: administrator)
        expectSessionsEnded()
        #expect(try there.keys.authenticate(key).user.id == .fixture(2))
    }

    @Test func `ending all sessions`() throws {
        try here.sessions.endAll(of: .fixture(2), by: administrator)
        expectSessionsEnded()
    }

    @Test func `authentication takes one statement, by whatever kind of token`() throws {
        let before = other.statementCount
        _ = try there.sessions.authenticate(token)
        #expect(other.statementCount - before == 1)
        _ = try there.keys.authenticate(key)
        #expect(other.statementCount - before == 2)
    }
}
