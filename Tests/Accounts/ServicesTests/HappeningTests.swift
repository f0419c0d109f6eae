import Domain
import Services
import TestSupport
import Testing

/// Every change tells what happened, in its own transaction.
@Suite struct HappeningTests {
    private let world = World()
    private let admin: Principal
    private let ada: Principal

    init() throws {
        admin = try world.store(.fixture(9, role: .administrator))
        ada = try world.store(.fixture(1), password: goodPassword)
        try world.store(.fixture(1), 1)
    }

    private var events: [NewEvent] { world.unitOfWork.state.events }
    private var told: [String] { events.map(\.happening.type.rawValue) }

    @Test func `whoever makes an account is named with it`() throws {
        let user = try world.users.create(try .fixture(), by: admin)
        let event = try #require(events.last)
        #expect(event.happening == .userCreated(user))
        #expect(event.happening.subject == user.id.uuid)
        #expect(event.instant == world.clock.instant)
        #expect(event.actor == admin.actor)
        #expect(event.actor == .user(admin.user.id, by: .session(.fixture(9))))
        #expect(event.origin == .machine)
    }

    @Test func `a registration is told of anyone`() throws {
        let user = try world.users(registrationIsOpen: true).register(try .fixture(), by: nil)
        #expect(events.map(\.happening) == [.userCreated(user)])
        #expect(events.map(\.actor) == [.anyone])
    }

    @Test func `many accounts at once are told one by one, each with an id of its own`() throws {
        let users = try world.users.createAll([try .fixture(), try .fixture(email: "b@example.com")], by: Operator())
        #expect(events.map(\.happening) == users.map(Happening.userCreated))
        #expect(Set(events.map(\.id)).count == 2)
        #expect(events.map(\.actor) == [.machineOperator, .machineOperator])
        _ = try world.users.createMissing([try .fixture(), try .fixture(email: "c@example.com")], by: Operator())
        #expect(events.count == 3)
    }

    @Test func `a change names its fields, and values of the role only`() throws {
        let changes = UserChanges(
            email: try EmailAddress("x@example.com"),
            name: try PersonName("X"),
            role: .administrator
        )
        _ = try world.users.update(ada.user.id, with: changes, by: admin)
        #expect(told == ["user.changed.v1"])
        let details = try #require(events.last).happening.details
        #expect(details.map(\.name) == ["fields", "role", "role_before"])
        #expect(details.map(\.value) == [.texts(["email", "name", "role"]), .text("admin"), .text("member")])
    }

    @Test func `disabling, enabling and setting a password are told by themselves`() throws {
        _ = try world.users.update(ada.user.id, with: UserChanges(status: .disabled), by: admin)
        _ = try world.users.update(ada.user.id, with: UserChanges(status: .active), by: admin)
        _ = try world.users.update(ada.user.id, with: UserChanges(password: try Password(goodPassword)), by: admin)
        _ = try world.users.update(
            ada.user.id,
            with: UserChanges(name: try PersonName("X"), status: .disabled),
            by: admin
        )
        #expect(
            told == [
                "user.disabled.v1", "user.enabled.v1", "user.password_changed.v1", "user.changed.v1",
                "user.disabled.v1",
            ]
        )
    }

    @Test func `signing in and out is told with the session`() throws {
        let origin = SessionOrigin.fixture
        let signedIn = try world.sessions.signIn(email: "user1@example.com", password: goodPassword, from: origin)
        let id = signedIn.session.id
        let caller = Principal(user: signedIn.user, sessionID: id)
        #expect(events.map(\.actor) == [caller.actor])
        try world.sessions.signOut(caller)
        try world.sessions.signOut(caller)
        try world.sessions.endAll(of: ada.user.id, by: admin)
        #expect(
            events.map(\.happening) == [
                .signedIn(ada.user.id, id), .signedOut(ada.user.id, id), .signedOut(ada.user.id, nil),
            ]
        )
    }

    @Test func `keys are told when they are made and when they are ended`() throws {
        let caller = Principal(user: ada.user, sessionID: .fixture(1))
        let key = try world.keys.create(NewAPIKey(name: try APIKeyName("Backup")), by: caller).key
        try world.keys.end(key.id, by: caller)
        try world.keys.endAll(of: ada.user.id, by: admin)
        #expect(
            events.map(\.happening) == [.keyCreated(key), .keyEnded(ada.user.id, key.id), .keyEnded(ada.user.id, nil)]
        )
    }

    @Test func `a changed password and a deletion are told`() throws {
        let caller = Principal(user: ada.user, sessionID: .fixture(1))
        try world.passwords.change(from: goodPassword, to: try Password("another good password"), by: caller)
        try world.users.delete(ada.user.id, by: admin)
        #expect(events.map(\.happening) == [.passwordChanged(ada.user.id), .userDeleted(ada.user.id)])
    }

    @Test func `what is refused or changes nothing is told by nobody`() throws {
        _ = try world.users.update(ada.user.id, with: UserChanges(name: ada.user.name), by: admin)
        #expect(throws: DomainError.self) { try world.users.delete(.fixture(77), by: admin) }
        #expect(throws: DomainError.conflict("email")) {
            try world.users.create(try .fixture(email: "user1@example.com"), by: admin)
        }
        #expect(throws: DomainError.notFound) { try world.keys.end(.fixture(5), of: ada.user.id, by: admin) }
        #expect(events.isEmpty)
    }

    @Test func `the request that asked for it is told along`() throws {
        let origin = RequestOrigin(address: "192.0.2.7", requestID: "r1", traceparent: nil)
        let answering = Answering<Void, Bool>(once: nil, origin: origin) { true }
        _ = try world.users.delete(ada.user.id, by: admin, answering: answering)
        #expect(events.map(\.origin) == [origin])
    }
}
