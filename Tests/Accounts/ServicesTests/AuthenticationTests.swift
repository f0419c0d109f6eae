import Domain
import Services
import TestSupport
import Testing

struct AuthenticationTests {
    private let world = World()
    private let signedIn: SignedIn

    init() throws {
        try world.store(.fixture(1), password: goodPassword)
        signedIn = try world.sessions.signIn(email: "user1@example.com", password: goodPassword, from: .fixture)
    }

    private func authenticate() throws -> Principal {
        try world.sessions.authenticate(signedIn.token.text)
    }

    private func stored() throws -> Session? {
        let digest = CheapTokenDigest().digest(of: signedIn.token.text)
        return try world.unitOfWork.read { try $0.sessions.find(digest) }?.session
    }

    @Test func `the token of a session tells who calls`() throws {
        #expect(try authenticate() == Principal(user: .fixture(1), sessionID: signedIn.session.id))
    }

    @Test func `a request within five minutes costs one read and no change`() throws {
        world.clock.advance(seconds: 299)
        let cost = try world.cost { _ = try authenticate() }
        #expect(cost == (clock: 1, reads: 1, changes: 0))
        #expect(try stored() == signedIn.session)
    }

    @Test func `later use is noted and prolongs the session`() throws {
        world.clock.advance(seconds: 300)
        let cost = try world.cost { _ = try authenticate() }
        #expect(cost == (clock: 1, reads: 1, changes: 1))
        var expected = signedIn.session
        expected.lastSeenAt = .t0.adding(seconds: 300)
        expected.expiresAt = .t0.adding(seconds: 300 + 14 * 86_400)
        #expect(try stored() == expected)
        #expect(try world.cost { _ = try authenticate() } == (clock: 1, reads: 1, changes: 0))
    }

    @Test func `a session that is used ends after 90 days all the same`() throws {
        for _ in 0..<8 {
            world.clock.advance(seconds: 11 * 86_400)
            _ = try authenticate()
        }
        #expect(try stored()?.expiresAt == .t0.adding(seconds: 90 * 86_400))
        world.clock.advance(seconds: 2 * 86_400)
        #expect(throws: DomainError.sessionExpired) { try authenticate() }
    }

    @Test func `a session that is not used ends after 14 days`() throws {
        world.clock.advance(seconds: 14 * 86_400)
        #expect(throws: DomainError.sessionExpired) { try authenticate() }
        #expect(try stored() == signedIn.session)
    }

    @Test func `that use cannot be noted is reported and fails no request`() throws {
        struct DiskFull: Error {}
        world.clock.advance(seconds: 300)
        world.unitOfWork.failureOfNextChange = DiskFull()
        #expect(try authenticate().user == .fixture(1))
        #expect(world.reported.count == 1)
        #expect(world.reported.first is DiskFull)
        #expect(try stored() == signedIn.session)
    }

    @Test func `an unknown token is nobody's`() {
        let unknown = SessionToken(from: SeededRandom(seed: 99)).text
        #expect(throws: DomainError.unauthenticated) { try world.sessions.authenticate(unknown) }
    }

    @Test(arguments: ["", "gh_s_", "Bearer", "gh_k_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"])
    func `what is no token is nobody's, and costs no query`(token: String) {
        let cost = world.cost {
            #expect(throws: DomainError.unauthenticated) { try world.sessions.authenticate(token) }
        }
        #expect(cost == (clock: 0, reads: 0, changes: 0))
    }

    @Test func `the token of a disabled user is nobody's`() throws {
        // A session that should have been deleted with the change of the status.
        _ = try world.unitOfWork.perform { try $0.users.update(.fixture(1, status: .disabled)) }
        #expect(throws: DomainError.unauthenticated) { try authenticate() }
    }

    @Test func `the token of a deleted user is nobody's`() throws {
        _ = try world.unitOfWork.perform { try $0.users.delete(.fixture(1)) }
        #expect(throws: DomainError.unauthenticated) { try authenticate() }
    }

    @Test func `a change of the role holds from the next request on`() throws {
        _ = try world.unitOfWork.perform { try $0.users.update(.fixture(1, role: .administrator)) }
        #expect(try authenticate().isAdministrator)
    }

    @Test func `signing out ends this session and no other`() throws {
        let other = try world.sessions.signIn(email: "user1@example.com", password: goodPassword, from: .fixture)
        let caller = try authenticate()
        try world.sessions.signOut(caller)
        #expect(throws: DomainError.unauthenticated) { try authenticate() }
        #expect(try world.sessions.authenticate(other.token.text).sessionID == other.session.id)
        try world.sessions.signOut(caller)
    }

    @Test func `a user who is disabled by an administrator is signed out everywhere`() throws {
        let administrator = try world.store(.fixture(2, role: .administrator))
        _ = try world.users.update(.fixture(1), with: UserChanges(status: .disabled), by: administrator)
        #expect(throws: DomainError.unauthenticated) { try authenticate() }
        _ = try world.users.update(.fixture(1), with: UserChanges(status: .active), by: administrator)
        #expect(throws: DomainError.unauthenticated) { try authenticate() }
    }
}
