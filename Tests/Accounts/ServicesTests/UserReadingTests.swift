import Domain
import Services
import TestSupport
import Testing

struct UserReadingTests {
    private let world = World()
    private let administrator: Principal
    private let member: Principal

    init() throws {
        administrator = try world.store(.fixture(1, role: .administrator))
        member = try world.store(.fixture(2))
    }

    @Test func `users see themselves`() throws {
        #expect(try world.users.read(.fixture(2), by: member) == .fixture(2))
        #expect(world.users.profile(of: member) == .fixture(2))
    }

    @Test func `administrators see everybody`() throws {
        #expect(try world.users.read(.fixture(2), by: administrator) == .fixture(2))
    }

    @Test func `another user is not there for a member`() {
        #expect(throws: DomainError.notFound) { try world.users.read(.fixture(1), by: member) }
        #expect(throws: DomainError.notFound) { try world.users.read(.fixture(9), by: member) }
    }

    @Test func `nobody sees a user who does not exist`() throws {
        #expect(throws: DomainError.notFound) { try world.users.read(.fixture(9), by: administrator) }
        _ = try world.unitOfWork.perform { try $0.users.delete(.fixture(2)) }
        #expect(throws: DomainError.notFound) { try world.users.read(.fixture(2), by: member) }
    }

    @Test func `administrators list all users by pages, with the total`() throws {
        for number in 3...7 as ClosedRange<UInt64> {
            try world.store(.fixture(number))
        }
        let page = try world.users.page(PageRequest(number: 2, size: 3), by: administrator)
        #expect(page.items.map(\.id) == [.fixture(4), .fixture(3), .fixture(2)])
        #expect(page.total == 7)
        let list = try UserList(UserCriteria(), sortedBy: UserSort(by: .name, descending: false))
        let byName = try world.users.page(.first, of: list, by: administrator)
        #expect(byName.items.map(\.id) == (1...7).map { .fixture($0) })
    }

    @Test func `rows are read in one transaction, and the total is looked up`() throws {
        let cost = try world.cost { _ = try world.users.page(.first, by: administrator) }
        #expect(cost == (clock: 0, reads: 2, changes: 0))
    }

    @Test func `members list nobody`() {
        #expect(throws: DomainError.forbidden) { try world.users.page(.first, by: member) }
    }
}
