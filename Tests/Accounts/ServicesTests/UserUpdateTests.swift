import Domain
import Services
import TestSupport
import Testing

struct UserUpdateTests {
    private let world = World()
    private let administrator: Principal
    private let member: Principal
    private let later = Timestamp.t0.adding(seconds: 60)

    init() throws {
        administrator = try world.store(.fixture(1, role: .administrator))
        member = try world.store(.fixture(2))
        try world.store(.fixture(1), 1)
        try world.store(.fixture(2, of: .fixture(2)), 2)
        try world.store(.fixture(3, of: .fixture(2)), 3)
        world.clock.instant = later
    }

    private func replacement(_ email: String, _ name: String) throws -> UserReplacement {
        UserReplacement(email: try EmailAddress(email), name: try PersonName(name))
    }

    @Test func `a full update sets the address and the name`() throws {
        let expected = User.fixture(2, email: "New@example.com", name: "New", updatedAt: later, version: 2)
        let replaced = try world.users.replace(.fixture(2), with: replacement("New@example.com", "New"), by: member)
        #expect(replaced == expected)
        #expect(try world.user(2) == expected)
        #expect(try world.session(2) != nil)
    }

    @Test func `a full update is refused with what its caller finds different in the stored user`() throws {
        let fault = FieldError(field: "role", message: "cannot be changed by this")
        #expect(throws: DomainError.validation([fault])) {
            try world.users.replace(.fixture(2), with: replacement("new@example.com", "New"), by: member) { stored in
                stored == .fixture(2) ? [fault] : []
            }
        }
        #expect(try world.user(2) == .fixture(2))
    }

    @Test func `a partial update sets what is given and leaves the rest`() throws {
        let name = try PersonName("New")
        let named = try world.users.update(.fixture(2), with: UserChanges(name: name), by: member)
        #expect(named == .fixture(2, name: "New", updatedAt: later, version: 2))
        let email = try EmailAddress("new@example.com")
        let addressed = try world.users.update(.fixture(2), with: UserChanges(email: email), by: member)
        #expect(addressed == .fixture(2, email: "new@example.com", name: "New", updatedAt: later, version: 3))
        #expect(try world.user(2) == addressed)
    }

    @Test func `what changes nothing stores nothing`() throws {
        let same = try UserChanges(
            email: EmailAddress("user2@example.com"),
            name: PersonName("User 2"),
            role: .member,
            status: .active
        )
        #expect(try world.users.update(.fixture(2), with: same, by: administrator) == .fixture(2))
        #expect(try world.users.update(.fixture(2), with: UserChanges(), by: member) == .fixture(2))
        let replacement = try replacement("user2@example.com", "User 2")
        #expect(try world.users.replace(.fixture(2), with: replacement, by: member) == .fixture(2))
        #expect(try world.user(2) == .fixture(2))
    }

    @Test func `another writing of the same text is a change`() throws {
        try world.store(.fixture(3, name: "\u{E9}"))
        let changes = UserChanges(name: try PersonName("e\u{301}"))
        let user = try world.users.update(.fixture(3), with: changes, by: administrator)
        #expect(user.version == 2)
        #expect(user.name.text.utf8.elementsEqual("e\u{301}".utf8))
    }

    @Test func `another user is not there for a member`() throws {
        let name = UserChanges(name: try PersonName("Mine"))
        for number in [1, 9] as [UInt64] {
            #expect(throws: DomainError.notFound) {
                try world.users.update(.fixture(number), with: name, by: member)
            }
            #expect(throws: DomainError.notFound) {
                try world.users.replace(.fixture(number), with: replacement("mine@example.com", "Mine"), by: member)
            }
        }
        #expect(throws: DomainError.notFound) { try world.users.update(.fixture(9), with: name, by: administrator) }
        #expect(try world.user(1) == .fixture(1, role: .administrator))
    }

    @Test(arguments: [1, 2, 9] as [UInt64])
    func `members never set a password, a role or a status, their own neither`(number: UInt64) throws {
        let changes = UserChanges(password: try Password(goodPassword), role: .administrator, status: .active)
        let error = #expect(throws: DomainError.self) {
            try world.users.update(.fixture(number), with: changes, by: member)
        }
        #expect(error?.code == .forbidden)
        #expect(error?.details.map(\.field) == ["password", "role", "status"])
        #expect(world.hasher.calls.isEmpty)
        #expect(try world.user(2) == .fixture(2))
    }

    @Test func `an administrator sets the role, and sessions stay`() throws {
        let user = try world.users.update(.fixture(2), with: UserChanges(role: .administrator), by: administrator)
        #expect(user == .fixture(2, role: .administrator, updatedAt: later, version: 2))
        #expect(try world.session(2) != nil)
    }

    @Test func `disabling a user ends all sessions of the user, and nobody else's`() throws {
        let user = try world.users.update(.fixture(2), with: UserChanges(status: .disabled), by: administrator)
        #expect(user == .fixture(2, status: .disabled, updatedAt: later, version: 2))
        #expect(try world.session(2) == nil)
        #expect(try world.session(3) == nil)
        #expect(try world.session(1) != nil)
    }

    @Test func `a password that an administrator sets ends all sessions of the user`() throws {
        let changes = UserChanges(password: try Password(goodPassword))
        let user = try world.users.update(.fixture(2), with: changes, by: administrator)
        #expect(user == .fixture(2, updatedAt: later, version: 2))
        #expect(try world.passwordHash(.fixture(2)) == "cheap$1$\(goodPassword)")
        #expect(try world.session(2) == nil)
        #expect(try world.session(3) == nil)
        #expect(try world.session(1) != nil)
    }

    @Test func `an address that is taken is a conflict, and nothing of the update is stored`() throws {
        let changes = try UserChanges(
            email: EmailAddress("USER1@example.com"),
            password: Password(goodPassword),
            status: .disabled
        )
        #expect(throws: DomainError.conflict("email")) {
            try world.users.update(.fixture(2), with: changes, by: administrator)
        }
        #expect(try world.user(2) == .fixture(2))
        #expect(try world.passwordHash(.fixture(2)) == nil)
        #expect(try world.session(2) != nil)
    }

    @Test func `an update that expects another version changes nothing`() throws {
        let changes = UserChanges(name: try PersonName("New"))
        for version in [0, 2] as [Int64] {
            #expect(throws: DomainError.preconditionFailed) {
                try world.users.update(.fixture(2), with: changes, expecting: version, by: member)
            }
            #expect(throws: DomainError.preconditionFailed) {
                try world.users.replace(
                    .fixture(2),
                    with: replacement("new@example.com", "New"),
                    expecting: version,
                    by: member
                )
            }
        }
        #expect(try world.users.update(.fixture(2), with: changes, expecting: 1, by: member).version == 2)
    }

    @Test(arguments: [
        (UserChanges(role: .member), ["role"]),
        (UserChanges(status: .disabled), ["status"]),
        (UserChanges(role: .member, status: .disabled), ["role", "status"]),
    ])
    func `the last active administrator is neither demoted nor disabled`(
        changes: UserChanges,
        fields: [String]
    ) throws {
        try world.store(.fixture(3, role: .administrator, status: .disabled), password: goodPassword)
        // Nobody can sign in to this one.
        try world.store(.fixture(4, role: .administrator))
        #expect(throws: DomainError.lastAdministrator(fields)) {
            try world.users.update(.fixture(1), with: changes, by: administrator)
        }
        #expect(try world.user(1) == .fixture(1, role: .administrator))
        #expect(try world.session(1) != nil)
    }

    @Test func `an administrator who is not the last may go, and then the other is the last`() throws {
        let other = try world.store(.fixture(3, role: .administrator), password: goodPassword)
        let demoted = try world.users.update(.fixture(1), with: UserChanges(role: .member), by: other)
        #expect(demoted.role == .member)
        // Both had begun while two were left.
        #expect(throws: DomainError.lastAdministrator(["role"])) {
            try world.users.update(.fixture(3), with: UserChanges(role: .member), by: administrator)
        }
    }

    @Test func `the last administrator may change everything else`() throws {
        let changes = try UserChanges(name: PersonName("Root"), password: Password(goodPassword), role: .administrator)
        #expect(try world.users.update(.fixture(1), with: changes, by: administrator).name.text == "Root")
    }

    @Test func `a disabled administrator may be demoted`() throws {
        try world.store(.fixture(3, role: .administrator, status: .disabled))
        let user = try world.users.update(.fixture(3), with: UserChanges(role: .member), by: administrator)
        #expect(user.role == .member)
    }

    @Test func `the clock is read once, hashing comes first, and one transaction is made`() throws {
        let changes = UserChanges(password: try Password(goodPassword))
        let cost = try world.cost { _ = try world.users.update(.fixture(2), with: changes, by: administrator) }
        #expect(cost == (clock: 1, reads: 0, changes: 1))
        #expect(world.hasher.calls == [.hash])
    }
}
