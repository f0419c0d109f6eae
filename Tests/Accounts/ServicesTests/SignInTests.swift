import Domain
import Services
import TestSupport
import Testing

struct SignInTests {
    private let world = World()

    init() throws {
        try world.store(.fixture(1), password: goodPassword)
        try world.store(.fixture(2))
        try world.store(.fixture(3, status: .disabled), password: goodPassword)
    }

    private func signIn(_ email: String = "user1@example.com", _ password: String = goodPassword) throws -> SignedIn {
        try world.sessions.signIn(email: email, password: password, from: .fixture)
    }

    @Test func `the right password begins a session`() throws {
        let signedIn = try signIn()
        #expect(signedIn.user == .fixture(1))
        #expect(signedIn.session.userID == .fixture(1))
        #expect(signedIn.session.createdAt == .t0)
        #expect(signedIn.session.lastSeenAt == .t0)
        #expect(signedIn.session.expiresAt == .t0.adding(seconds: 14 * 86_400))
        #expect(signedIn.session.endsAt == .t0.adding(seconds: 90 * 86_400))
        #expect(signedIn.session.origin == .fixture)
        let digest = CheapTokenDigest().digest(of: signedIn.token.text)
        let stored = try world.unitOfWork.read { try $0.sessions.find(digest) }
        #expect(stored?.session == signedIn.session)
        #expect(stored?.user == .fixture(1))
    }

    @Test func `an address is taken in any case`() throws {
        #expect(try signIn("USER1@Example.Com").user.id == .fixture(1))
    }

    @Test func `each session has its own token and id`() throws {
        let (first, second) = (try signIn(), try signIn())
        #expect(first.token != second.token)
        #expect(first.session.id != second.session.id)
    }

    @Test func `a wrong password, an unknown address and an account without a password are answered alike`() {
        for (email, password, work) in [
            ("user1@example.com", "another password", .verify),
            ("user1@example.com", "", .verify),
            ("user1@example.com", goodPassword + " ", .verify),
            ("user3@example.com", "another password", .verify),
            ("user2@example.com", goodPassword, .decoy),
            ("user2@example.com", "", .decoy),
            ("nobody@example.com", goodPassword, .decoy),
            ("no address", goodPassword, .decoy),
            ("null\0@example.com", goodPassword, .decoy),
        ] as [(String, String, CheapPasswordHasher.Call)] {
            let before = world.hasher.calls.count
            let cost = world.cost {
                #expect(throws: DomainError.invalidCredentials) { try signIn(email, password) }
            }
            #expect(cost == (clock: 1, reads: 1, changes: 0))
            #expect(Array(world.hasher.calls[before...]) == [work])
        }
    }

    @Test func `a password that could not be hashed is wrong, whoever's it would be`() {
        let endless = String(repeating: "a", count: 1025)
        for email in ["user1@example.com", "nobody@example.com"] {
            #expect(throws: DomainError.invalidCredentials) { try signIn(email, endless) }
        }
        #expect(world.hasher.calls.isEmpty)
    }

    @Test func `only the right password tells that an account is disabled`() {
        #expect(throws: DomainError.accountDisabled) { try signIn("user3@example.com") }
        #expect(throws: DomainError.invalidCredentials) { try signIn("user3@example.com", "another password") }
    }

    @Test func `a hash of lesser parameters is made anew, and the user keeps the version`() throws {
        world.hasher.strength = 2
        #expect(try signIn().user == .fixture(1))
        #expect(try world.passwordHash(.fixture(1)) == "cheap$2$\(goodPassword)")
        #expect(world.hasher.calls == [.verify, .hash])
        #expect(try world.user(1) == .fixture(1))
        _ = try signIn()
        #expect(world.hasher.calls == [.verify, .hash, .verify])
    }

    @Test func `that a hash cannot be made anew is reported and stops nobody`() throws {
        world.hasher.strength = 2
        world.hasher.failures[.hash] = DomainError.unavailable("queue")
        _ = try signIn()
        #expect(try world.passwordHash(.fixture(1)) == "cheap$1$\(goodPassword)")
        #expect(world.reported as? [DomainError] == [.unavailable("queue")])
    }

    @Test func `a hasher that is too busy is told to the known and the unknown`() {
        world.hasher.failures = [.verify: DomainError.unavailable("queue"), .decoy: DomainError.unavailable("queue")]
        #expect(throws: DomainError.unavailable("queue")) { try signIn() }
        #expect(throws: DomainError.unavailable("queue")) { try signIn("nobody@example.com") }
    }

    @Test func `the clock is read once`() throws {
        let cost = try world.cost { _ = try signIn() }
        #expect(cost == (clock: 1, reads: 1, changes: 1))
    }

    @Test func `a password that is changed while the old one is compared lets nobody in`() throws {
        world.hasher.duringNextVerification = { [world] in
            try world.unitOfWork.perform { transaction in
                try transaction.users.setPasswordHash(PasswordHash("cheap$1$a quite new password"), of: .fixture(1))
            }
        }
        #expect(throws: DomainError.invalidCredentials) { try signIn() }
        #expect(world.hasher.calls == [.verify, .verify])
    }

    @Test func `a user who is disabled while the password is compared is told so`() throws {
        world.unitOfWork.beforeNextChange = { [world] in
            _ = try world.unitOfWork.perform { try $0.users.update(.fixture(1, status: .disabled)) }
        }
        #expect(throws: DomainError.accountDisabled) { try signIn() }
    }

    @Test func `a user who is deleted while the password is compared is unknown`() throws {
        world.unitOfWork.beforeNextChange = { [world] in
            _ = try world.unitOfWork.perform { try $0.users.delete(.fixture(1)) }
        }
        #expect(throws: DomainError.invalidCredentials) { try signIn() }
    }

    @Test func `two who sign in while the parameters have risen both get in`() throws {
        world.hasher.strength = 2
        world.hasher.duringNextVerification = { [world] in
            try world.unitOfWork.perform { transaction in
                try transaction.users.setPasswordHash(PasswordHash("cheap$2$\(goodPassword)"), of: .fixture(1))
            }
        }
        #expect(try signIn().user.id == .fixture(1))
    }
}
