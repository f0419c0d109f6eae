import Domain
import Services
import TestSupport
import Testing

struct UserDeletionTests {
    private let world = World()
    private let administrator: Principal
    private let member: Principal

    init() throws {
        administrator = try world.store(.fixture(1, role: .administrator))
        member = try world.store(.fixture(2))
        try world.store(.fixture(2, of: .fixture(2)), 2)
    }

    @Test func `users delete themselves, and their sessions end`() throws {
        try world.users.delete(.fixture(2), by: member)
        #expect(try world.user(2) == nil)
        #expect(try world.session(2) == nil)
        #expect(throws: DomainError.notFound) { try world.users.delete(.fixture(2), by: member) }
    }

    @Test func `administrators delete anybody`() throws {
        try world.users.delete(.fixture(2), by: administrator)
        #expect(try world.user(2) == nil)
        #expect(throws: DomainError.notFound) { try world.users.delete(.fixture(2), by: administrator) }
    }

    @Test func `another user is not there for a member`() throws {
        #expect(throws: DomainError.notFound) { try world.users.delete(.fixture(1), by: member) }
        #expect(try world.user(1) != nil)
    }

    @Test func `the last active administrator stays`() throws {
        try world.store(.fixture(3, role: .administrator, status: .disabled))
        #expect(throws: DomainError.lastAdministrator([])) { try world.users.delete(.fixture(1), by: administrator) }
        try world.users.delete(.fixture(3), by: administrator)
        // One to whose account nobody can sign in is not enough, and may go while there is another.
        let other = try world.store(.fixture(4, role: .administrator))
        #expect(throws: DomainError.lastAdministrator([])) { try world.users.delete(.fixture(1), by: administrator) }
        let changes = UserChanges(password: try Password(goodPassword))
        _ = try world.users.update(.fixture(4), with: changes, by: administrator)
        try world.users.delete(.fixture(1), by: administrator)
        #expect(throws: DomainError.lastAdministrator([])) { try world.users.delete(.fixture(4), by: other) }
    }

    @Test func `a deletion that expects another version deletes nothing`() throws {
        #expect(throws: DomainError.preconditionFailed) {
            try world.users.delete(.fixture(2), expecting: 2, by: member)
        }
        #expect(try world.user(2) != nil)
        try world.users.delete(.fixture(2), expecting: 1, by: member)
        #expect(try world.user(2) == nil)
    }
}
