import Domain
import Services
import TestSupport
import Testing

struct RegistrationTests {
    private let world = World()

    @Test func `anyone makes an account as an active member where registration is open`() throws {
        let user = try world.users(registrationIsOpen: true).register(.fixture(), by: nil)
        #expect(user.email.text == "new@example.com")
        #expect(user.name.text == "New")
        #expect(user.role == .member)
        #expect(user.status == .active)
        #expect(user.createdAt == .t0)
        #expect(user.updatedAt == .t0)
        #expect(user.version == 1)
        #expect(try world.unitOfWork.read { try $0.users.find(user.id) } == user)
        #expect(try world.passwordHash(user.id) == "cheap$1$\(goodPassword)")
    }

    @Test func `a member may do what anyone may`() throws {
        let member = try world.store(.fixture(1))
        let user = try world.users(registrationIsOpen: true).register(.fixture(), by: member)
        #expect(user.role == .member)
    }

    @Test func `where registration is closed the unknown must sign in and members may not`() throws {
        let member = try world.store(.fixture(1))
        #expect(throws: DomainError.unauthenticated) { try world.users.register(.fixture(), by: nil) }
        #expect(throws: DomainError.forbidden) { try world.users.register(.fixture(), by: member) }
        #expect(world.hasher.calls.isEmpty)
        let administrator = try world.store(.fixture(2, role: .administrator))
        #expect(try world.users.register(.fixture(), by: administrator).role == .member)
    }

    @Test func `an address that is taken is a conflict in any case`() throws {
        try world.store(.fixture(1))
        #expect(throws: DomainError.conflict("email")) {
            try world.users(registrationIsOpen: true).register(.fixture(email: "USER1@example.com"), by: nil)
        }
    }

    @Test func `the id is made of the time and of random bits`() throws {
        let users = world.users(registrationIsOpen: true)
        let first = try users.register(.fixture(email: "a@example.com"), by: nil)
        let second = try users.register(.fixture(email: "b@example.com"), by: nil)
        #expect(first.id != second.id)
        #expect(first.id.uuid.high >> 16 == UInt64(Timestamp.t0.microseconds / 1000))
    }

    @Test func `the clock is read once and one transaction is made`() throws {
        let cost = try world.cost { _ = try world.users(registrationIsOpen: true).register(.fixture(), by: nil) }
        #expect(cost == (clock: 1, reads: 0, changes: 1))
        #expect(world.hasher.calls == [.hash])
    }

    @Test func `when the hasher is too busy nothing is stored`() throws {
        world.hasher.failures[.hash] = DomainError.unavailable("queue")
        #expect(throws: DomainError.unavailable("queue")) {
            try world.users(registrationIsOpen: true).register(.fixture(), by: nil)
        }
        #expect(try world.unitOfWork.read { try $0.users.count() } == 0)
    }
}
