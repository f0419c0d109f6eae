import Domain
import Services
import TestSupport
import Testing

/// What whoever works at the machine can do, and which rules hold there too.
struct OperatorTests {
    private let world = World()
    private let whoever = Operator()

    init() throws {
        try world.store(.fixture(1, role: .administrator))
        try world.store(.fixture(2), password: goodPassword)
        try world.store(.fixture(2, of: .fixture(2)), 2)
        try world.unitOfWork.perform { try $0.keys.insert(.fixture(1, of: .fixture(2)), tokenDigest: .fixture(9)) }
    }

    private var keys: [APIKey] {
        get throws { try world.unitOfWork.read { try $0.keys.list(of: .fixture(2)) } }
    }

    @Test func `an operator makes accounts with any role, and a password`() throws {
        let user = try world.users.create(.fixture(password: goodPassword, role: .administrator), by: whoever)
        #expect(user.role == .administrator)
        #expect(try world.passwordHash(user.id) == "cheap$1$\(goodPassword)")
        #expect(throws: DomainError.conflict("email")) { try world.users.create(.fixture(), by: whoever) }
    }

    @Test func `an operator finds users by address in any letter case`() throws {
        #expect(try world.users.find(EmailAddress("USER2@example.com"), by: whoever).id == .fixture(2))
        #expect(throws: DomainError.notFound) { try world.users.find(EmailAddress("x@example.com"), by: whoever) }
        let member = Principal(user: .fixture(2), sessionID: .fixture(2))
        #expect(throws: DomainError.forbidden) { try world.users.find(EmailAddress("user1@example.com"), by: member) }
    }

    @Test func `the last active administrator stays for the operator too`() throws {
        let demotion = UserChanges(role: .member)
        let disabling = UserChanges(status: .disabled)
        #expect(throws: DomainError.lastAdministrator(["role"])) {
            try world.users.update(.fixture(1), with: demotion, by: whoever)
        }
        #expect(throws: DomainError.lastAdministrator(["status"])) {
            try world.users.update(.fixture(1), with: disabling, by: whoever)
        }
        #expect(throws: DomainError.lastAdministrator([])) { try world.users.delete(.fixture(1), by: whoever) }
    }

    @Test func `a password that the operator sets ends the sessions, and a common one is refused`() throws {
        let common = UserChanges(password: try Password("password12345678"))
        #expect(throws: DomainError.self) { try world.users.update(.fixture(2), with: common, by: whoever) }
        #expect(try world.session(2) != nil)
        let changes = UserChanges(password: try Password("another fine sentence"))
        _ = try world.users.update(.fixture(2), with: changes, by: whoever)
        #expect(try world.passwordHash(.fixture(2)) == "cheap$1$another fine sentence")
        #expect(try world.session(2) == nil)
        #expect(try keys.count == 1)
    }

    @Test func `disabling by the operator ends sessions and keys`() throws {
        _ = try world.users.update(.fixture(2), with: UserChanges(status: .disabled), by: whoever)
        #expect(try world.session(2) == nil)
        #expect(try keys.isEmpty)
    }

    @Test func `the operator sees and ends the sessions and keys of anybody`() throws {
        #expect(try world.sessions.list(of: .fixture(2), by: whoever).count == 1)
        #expect(try world.keys.list(of: .fixture(2), by: whoever).count == 1)
        // Of this user only: the id of another's session ends nothing.
        #expect(throws: DomainError.notFound) { try world.sessions.end(.fixture(2), of: .fixture(1), by: whoever) }
        #expect(throws: DomainError.notFound) { try world.keys.end(.fixture(1), of: .fixture(1), by: whoever) }
        try world.sessions.end(.fixture(2), of: .fixture(2), by: whoever)
        try world.keys.end(.fixture(1), of: .fixture(2), by: whoever)
        #expect(try world.session(2) == nil)
        #expect(try keys.isEmpty)
        #expect(throws: DomainError.notFound) { try world.sessions.endAll(of: .fixture(7), by: whoever) }
        #expect(throws: DomainError.notFound) { try world.keys.list(of: .fixture(7), by: whoever) }
    }

    @Test func `a member ends no sessions or keys of others`() throws {
        let member = try world.store(.fixture(3))
        #expect(throws: DomainError.notFound) { try world.sessions.end(.fixture(2), of: .fixture(2), by: member) }
        #expect(throws: DomainError.notFound) { try world.keys.end(.fixture(1), of: .fixture(2), by: member) }
        #expect(try world.session(2) != nil)
        #expect(try keys.count == 1)
    }

    @Test func `accounts that are missing are made, and those that are there stay`() throws {
        let newUsers = try [NewUser.fixture(email: "USER2@example.com"), .fixture(email: "a@example.com")]
        let made = try world.users.createMissing(newUsers, by: whoever)
        #expect(made.map(\.email.text) == ["a@example.com"])
        #expect(try world.user(2) == .fixture(2))
        #expect(try world.users.createMissing(newUsers, by: whoever).isEmpty)
        let member = Principal(user: .fixture(2), sessionID: .fixture(2))
        #expect(throws: DomainError.forbidden) { try world.users.createMissing(newUsers, by: member) }
    }

    @Test func `a walk meets everybody once, in parts, and ends where the visitor likes`() throws {
        for number in 10..<260 as Range<UInt64> { try world.store(.fixture(number)) }
        var parts: [Int] = []
        var met: Set<UserID> = []
        try world.users.walkAll(.newestFirst, by: whoever) { users in
            parts.append(users.count)
            met.formUnion(users.map(\.id))
            return true
        }
        #expect(parts == [100, 100, 52])
        #expect(met.count == 252)
        var visits = 0
        try world.users.walkAll(.newestFirst, by: whoever) { _ in
            visits += 1
            return false
        }
        #expect(visits == 1)
    }
}
