import Domain
import Services
import TestSupport
import Testing

/// Both services over one store in memory, with everything a test may move.
final class World {
    let unitOfWork = MemoryUnitOfWork()
    let clock = ManualClock()
    let random = SeededRandom()
    let hasher: CheapPasswordHasher
    private(set) var reported: [any Error] = []

    init() {
        hasher = CheapPasswordHasher(isForbidden: { [unitOfWork] in unitOfWork.isInTransaction })
    }

    var users: UserService { users(registrationIsOpen: false) }

    func users(registrationIsOpen: Bool, confirmsAddresses: Bool = false) -> UserService {
        UserService(
            unitOfWork: unitOfWork,
            passwords: hasher,
            commonPasswords: CommonPasswords(),
            clock: clock,
            random: random,
            registrationIsOpen: registrationIsOpen,
            confirmsAddresses: confirmsAddresses
        )
    }

    var confirmations: ConfirmationService {
        ConfirmationService(
            unitOfWork: unitOfWork,
            passwords: hasher,
            commonPasswords: CommonPasswords(),
            digests: CheapTokenDigest(),
            tokens: CheapConfirmationTokens(),
            clock: clock,
            random: random,
            life: 1800
        )
    }

    var letters: LetterService { letters(secrets: [0]) }

    func letters(secrets: [UInt64]) -> LetterService {
        LetterService(
            unitOfWork: unitOfWork,
            digests: CheapTokenDigest(),
            tokens: CheapConfirmationTokens(secrets: secrets),
            clock: clock
        )
    }

    var passwords: PasswordService {
        PasswordService(
            unitOfWork: unitOfWork,
            passwords: hasher,
            commonPasswords: CommonPasswords(),
            clock: clock,
            random: random
        )
    }

    var keys: APIKeyService {
        APIKeyService(
            unitOfWork: unitOfWork,
            digests: CheapTokenDigest(),
            clock: clock,
            random: random,
            report: { [weak self] in self?.reported.append($0) }
        )
    }

    var sessions: SessionService {
        SessionService(
            unitOfWork: unitOfWork,
            passwords: hasher,
            digests: CheapTokenDigest(),
            clock: clock,
            random: random,
            policy: SessionPolicy(),
            report: { [weak self] in self?.reported.append($0) }
        )
    }

    /// Stores a user and gives the user back as a caller.
    @discardableResult
    func store(_ user: User, password: String? = nil) throws -> Principal {
        let passwordHash = password.map { PasswordHash("cheap$1$\($0)") }
        try unitOfWork.perform { try $0.users.insert(user, passwordHash: passwordHash) }
        return Principal(user: user, sessionID: .fixture(user.id.uuid.low & 0xFF))
    }

    /// Stores a session under the digest of the same number.
    func store(_ session: Session, _ digest: UInt8) throws {
        try unitOfWork.perform { try $0.sessions.insert(session, tokenDigest: .fixture(digest)) }
    }

    func user(_ number: UInt64) throws -> User? {
        try unitOfWork.read { try $0.users.find(.fixture(number)) }
    }

    func passwordHash(_ id: UserID) throws -> String? {
        try unitOfWork.read { try $0.users.credentials(of: id) }?.passwordHash?.text
    }

    func session(_ digest: UInt8) throws -> Session? {
        try unitOfWork.read { try $0.sessions.find(.fixture(digest)) }?.session
    }

    /// What an action costs: how often it reads the clock and how many transactions it makes.
    func cost(of action: () throws -> Void) rethrows -> (clock: Int, reads: Int, changes: Int) {
        let before = (clock.reads, unitOfWork.reads, unitOfWork.changes)
        try action()
        return (clock.reads - before.0, unitOfWork.reads - before.1, unitOfWork.changes - before.2)
    }
}

/// A password that may be chosen.
let goodPassword = "correct horse battery"

extension Registration {
    static func fixture(email: String = "new@example.com") throws -> Registration {
        Registration(email: try EmailAddress(email), name: try PersonName("New"), password: try Password(goodPassword))
    }
}

extension NewUser {
    static func fixture(
        email: String = "new@example.com",
        password: String? = nil,
        role: Role = .member,
        status: UserStatus = .active
    ) throws -> NewUser {
        NewUser(
            email: try EmailAddress(email),
            name: try PersonName("New"),
            password: try password.map { try Password($0) },
            role: role,
            status: status
        )
    }
}
