import Domain
import Services
import TestSupport
import Testing

/// What users see of sessions, and how they end them.
struct SessionListTests {
    private let world = World()
    private let administrator: Principal
    private let member: Principal

    init() throws {
        administrator = try world.store(.fixture(1, role: .administrator), password: goodPassword)
        member = try world.store(.fixture(2), password: goodPassword)
        try world.store(.fixture(1), 1)
        try world.store(.fixture(2, of: .fixture(2)), 2)
        try world.store(.fixture(3, of: .fixture(2)), 3)
    }

    private func ids(_ userID: UserID, by caller: Principal) throws -> [SessionID] {
        try world.sessions.list(of: userID, by: caller).map(\.id)
    }

    @Test func `users see their own sessions, the newest first`() throws {
        #expect(try ids(.fixture(2), by: member) == [.fixture(3), .fixture(2)])
    }

    @Test func `a session that has ended by itself is not shown`() throws {
        world.clock.advance(seconds: 14 * 86_400)
        #expect(try ids(.fixture(2), by: member) == [])
    }

    @Test func `administrators see everybody's, members nobody else's`() throws {
        #expect(try ids(.fixture(2), by: administrator) == [.fixture(3), .fixture(2)])
        #expect(throws: DomainError.notFound) { try ids(.fixture(9), by: administrator) }
        #expect(throws: DomainError.notFound) { try ids(.fixture(1), by: member) }
        #expect(throws: DomainError.notFound) { try ids(.fixture(9), by: member) }
    }

    @Test func `users end one of their sessions`() throws {
        try world.sessions.end(.fixture(3), by: member)
        #expect(try ids(.fixture(2), by: member) == [.fixture(2)])
        #expect(throws: DomainError.notFound) { try world.sessions.end(.fixture(3), by: member) }
    }

    @Test func `nobody ends another's session by its id, an administrator neither`() throws {
        #expect(throws: DomainError.notFound) { try world.sessions.end(.fixture(1), by: member) }
        #expect(throws: DomainError.notFound) { try world.sessions.end(.fixture(2), by: administrator) }
        #expect(try world.session(1) != nil)
        #expect(try world.session(2) != nil)
    }

    @Test func `users end all of their sessions, and nobody else's`() throws {
        try world.sessions.endAll(of: .fixture(2), by: member)
        #expect(try ids(.fixture(2), by: member) == [])
        #expect(try world.session(1) != nil)
        #expect(throws: DomainError.notFound) { try world.sessions.endAll(of: .fixture(1), by: member) }
        #expect(try world.session(1) != nil)
    }

    @Test func `administrators end all of somebody's sessions`() throws {
        try world.sessions.endAll(of: .fixture(2), by: administrator)
        #expect(try ids(.fixture(2), by: member) == [])
        #expect(throws: DomainError.notFound) { try world.sessions.endAll(of: .fixture(9), by: administrator) }
    }

    @Test func `a key for reading sees sessions and ends none`() throws {
        let reader = Principal(user: member.user, credential: .key(.fixture(1), .read))
        #expect(try ids(.fixture(2), by: reader) == [.fixture(3), .fixture(2)])
        #expect(throws: DomainError.readOnlyKey) { try world.sessions.end(.fixture(2), by: reader) }
        #expect(throws: DomainError.readOnlyKey) { try world.sessions.endAll(of: .fixture(2), by: reader) }
        #expect(try ids(.fixture(2), by: reader).count == 2)
    }

    @Test func `a key has no session to sign out of`() throws {
        let writer = Principal(user: member.user, credential: .key(.fixture(1), .write))
        #expect(throws: DomainError.sessionRequired) { try world.sessions.signOut(writer) }
        try world.sessions.end(.fixture(2), by: writer)
        #expect(try ids(.fixture(2), by: writer) == [.fixture(3)])
    }

    @Test func `who signs in once more than a hundred times loses the session that was used longest ago`() throws {
        var begun: [SessionID] = []
        for _ in 0..<SessionPolicy.mostPerUser {
            world.clock.advance(seconds: 1)
            let signedIn = try world.sessions.signIn(email: "user1@example.com", password: goodPassword, from: .fixture)
            begun.append(signedIn.session.id)
        }
        #expect(try ids(.fixture(1), by: administrator) == begun.reversed())
        #expect(try ids(.fixture(2), by: member).count == 2)
    }

    @Test func `a session that has ended is told so, also after another sign-in`() throws {
        let first = try world.sessions.signIn(email: "user2@example.com", password: goodPassword, from: .fixture)
        world.clock.advance(seconds: 14 * 86_400)
        _ = try world.sessions.signIn(email: "user2@example.com", password: goodPassword, from: .fixture)
        #expect(throws: DomainError.sessionExpired) { try world.sessions.authenticate(first.token.text) }
    }
}
