import Domain
import Services
import TestSupport
import Testing

struct UserCreationTests {
    private let world = World()
    private let administrator: Principal

    init() throws {
        administrator = try world.store(.fixture(1, role: .administrator))
    }

    @Test func `an administrator makes an account without a password`() throws {
        let user = try world.users.create(.fixture(), by: administrator)
        #expect(user.role == .member)
        #expect(user.status == .active)
        #expect(try world.passwordHash(user.id) == nil)
        #expect(world.hasher.calls.isEmpty)
        #expect(try world.unitOfWork.read { try $0.users.find(user.id) } == user)
    }

    @Test func `an administrator sets the password, the role and the status`() throws {
        let newUser = try NewUser.fixture(password: goodPassword, role: .administrator, status: .disabled)
        let user = try world.users.create(newUser, by: administrator)
        #expect(user.role == .administrator)
        #expect(user.status == .disabled)
        #expect(try world.passwordHash(user.id) == "cheap$1$\(goodPassword)")
    }

    @Test func `nobody else makes accounts for others, wherever registration is open`() throws {
        let member = try world.store(.fixture(2))
        #expect(throws: DomainError.forbidden) {
            try world.users(registrationIsOpen: true).create(.fixture(password: goodPassword), by: member)
        }
        #expect(world.hasher.calls.isEmpty)
    }

    @Test func `an address that is taken is a conflict`() throws {
        #expect(throws: DomainError.conflict("email")) {
            try world.users.create(.fixture(email: "User1@Example.com"), by: administrator)
        }
    }
}
