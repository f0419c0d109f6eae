import Domain
import Services
import TestSupport
import Testing

struct PasswordChangeTests {
    private let world = World()
    private let member: Principal
    private let newPassword = "quantal vellum ostrich"
    private let later = Timestamp.t0.adding(seconds: 60)

    init() throws {
        member = try world.store(.fixture(2), password: goodPassword)
        try world.store(.fixture(1))
        try world.store(.fixture(1), 1)
        try world.store(.fixture(2, of: .fixture(2)), 2)
        try world.store(.fixture(3, of: .fixture(2)), 3)
        world.clock.advance(seconds: 60)
    }

    private func change(_ current: String = goodPassword, to new: String? = nil, by caller: Principal? = nil) throws {
        try world.passwords.change(from: current, to: try Password(new ?? newPassword), by: caller ?? member)
    }

    @Test func `the new password is stored, and the user has changed`() throws {
        try change()
        #expect(try world.passwordHash(.fixture(2)) == "cheap$1$\(newPassword)")
        #expect(try world.user(2) == .fixture(2, updatedAt: later, version: 2))
        _ = try world.sessions.signIn(email: "user2@example.com", password: newPassword, from: .fixture)
    }

    @Test func `this session goes on, all others of the user end, and nobody else's`() throws {
        try change()
        #expect(try world.session(2) != nil)
        #expect(try world.session(3) == nil)
        #expect(try world.session(1) != nil)
    }

    @Test(arguments: ["", "another password", goodPassword + " ", String(repeating: "a", count: 1025)])
    func `who does not know the present password changes nothing`(current: String) throws {
        #expect(throws: DomainError.wrongPassword) { try change(current) }
        #expect(try world.passwordHash(.fixture(2)) == "cheap$1$\(goodPassword)")
        #expect(try world.user(2) == .fixture(2))
        #expect(try world.session(3) != nil)
    }

    @Test func `a common password is refused, after the present one was right`() throws {
        let refusal = DomainError.validation([FieldError(field: "new", message: "is too common")])
        for common in ["password12345678", "user2@example.com", "User 2 User 2 User 2"] {
            #expect(throws: refusal) { try change(to: common) }
            #expect(throws: DomainError.wrongPassword) { try change("another password", to: common) }
        }
        #expect(!world.hasher.calls.contains(.hash))
    }

    @Test(arguments: [APIKeyAccess.read, .write])
    func `a key changes no password`(access: APIKeyAccess) throws {
        let key = Principal(user: member.user, credential: .key(.fixture(1), access))
        #expect(throws: DomainError.sessionRequired) { try change(by: key) }
        #expect(world.hasher.calls.isEmpty)
    }

    @Test func `a password that is changed at the same moment wins`() throws {
        world.hasher.duringNextVerification = { [world] in
            try world.unitOfWork.perform { transaction in
                try transaction.users.setPasswordHash(PasswordHash("cheap$1$somebody else's"), of: .fixture(2))
            }
        }
        let error = #expect(throws: DomainError.self) { try change() }
        #expect(error?.code == .unavailable)
        #expect(try world.passwordHash(.fixture(2)) == "cheap$1$somebody else's")
        #expect(try world.session(3) != nil)
    }

    @Test func `a user who is disabled or deleted at the same moment changes nothing`() throws {
        world.unitOfWork.beforeNextChange = { [world] in
            _ = try world.unitOfWork.perform { try $0.users.update(.fixture(2, status: .disabled)) }
        }
        #expect(throws: DomainError.self) { try change() }
        #expect(try world.passwordHash(.fixture(2)) == "cheap$1$\(goodPassword)")
        _ = try world.unitOfWork.perform { try $0.users.delete(.fixture(2)) }
        #expect(throws: DomainError.wrongPassword) { try change() }
    }

    @Test func `the clock is read once, hashing comes first, and one transaction is made`() throws {
        let cost = try world.cost { try change() }
        #expect(cost == (clock: 1, reads: 1, changes: 1))
        #expect(world.hasher.calls == [.verify, .hash])
    }
}

/// Where common passwords are refused beside a change.
struct CommonPasswordRefusalTests {
    private let world = World()
    private let administrator: Principal
    private let refusal = DomainError.validation([FieldError(field: "password", message: "is too common")])

    init() throws {
        administrator = try world.store(.fixture(1, role: .administrator))
        try world.store(.fixture(2))
    }

    @Test(arguments: ["password12345678", "new@example.com", "gatehouse gatehouse"])
    func `nobody makes an account with one, in whatever way`(common: String) throws {
        let registration = Registration(
            email: try EmailAddress("new@example.com"),
            name: try PersonName("New"),
            password: try Password(common)
        )
        #expect(throws: refusal) { try world.users(registrationIsOpen: true).register(registration, by: nil) }
        let user = try NewUser.fixture(password: common)
        #expect(throws: refusal) { try world.users.create(user, by: administrator) }
        #expect(throws: refusal) { try world.users.create(user, by: Operator()) }
        #expect(world.hasher.calls.isEmpty)
    }

    @Test func `administrators set none, and the new address and name count`() throws {
        for common in ["password12345678", "fresh@example.org", "fresh example 1"] {
            let changes = UserChanges(email: try EmailAddress("fresh@example.org"), password: try Password(common))
            #expect(throws: refusal) { try world.users.update(.fixture(2), with: changes, by: administrator) }
        }
        #expect(try world.user(2) == .fixture(2))
        #expect(try world.passwordHash(.fixture(2)) == nil)
    }
}
