import Domain
import Services
import TestSupport
import Testing

struct UserBatchTests {
    private let world = World()
    private let administrator: Principal

    init() throws {
        administrator = try world.store(.fixture(1, role: .administrator))
    }

    @Test func `an administrator makes many accounts in one transaction`() throws {
        let newUsers = try [
            NewUser.fixture(email: "a@example.com"),
            .fixture(email: "b@example.com", role: .administrator, status: .disabled),
        ]
        var users: [User] = []
        let cost = try world.cost { users = try world.users.createAll(newUsers, by: administrator) }
        #expect(cost == (clock: 1, reads: 0, changes: 1))
        #expect(users.map(\.email.text) == ["a@example.com", "b@example.com"])
        #expect(users.map(\.role) == [.member, .administrator])
        #expect(users.map(\.status) == [.active, .disabled])
        #expect(Set(users.map(\.id)).count == 2)
        for user in users { #expect(try world.unitOfWork.read { try $0.users.find(user.id) } == user) }
        #expect(world.hasher.calls.isEmpty)
    }

    @Test func `addresses that are taken are all named, and nobody is stored`() throws {
        try world.store(.fixture(2))
        let newUsers = try [
            NewUser.fixture(email: "USER2@example.com"), .fixture(), .fixture(email: "user1@example.com"),
        ]
        #expect(throws: DomainError.conflicts(["users.0.email", "users.2.email"])) {
            try world.users.createAll(newUsers, by: administrator)
        }
        #expect(try world.unitOfWork.read { try $0.users.count() } == 2)
    }

    @Test func `two with one address, and any with a password, are refused at once`() throws {
        let newUsers = try [
            NewUser.fixture(email: "a@example.com"), .fixture(email: "b@example.com", password: goodPassword),
            .fixture(email: "A@example.com"),
        ]
        let error = #expect(throws: DomainError.self) { try world.users.createAll(newUsers, by: administrator) }
        #expect(error?.code == .validation)
        #expect(error?.details.map(\.field) == ["users.1.password", "users.2.email"])
        #expect(try world.unitOfWork.read { try $0.users.count() } == 1)
    }

    @Test func `members make no accounts and learn no numbers`() throws {
        let member = try world.store(.fixture(2))
        #expect(throws: DomainError.forbidden) { try world.users.createAll([.fixture()], by: member) }
        #expect(throws: DomainError.forbidden) { try world.users.statistics(by: member) }
        #expect(throws: DomainError.forbidden) {
            try world.users.walk(WalkRequest(.begin), of: .newestFirst, by: member)
        }
        #expect(throws: DomainError.notFound) { try world.users.version(of: .fixture(1), by: member) }
        #expect(try world.users.version(of: .fixture(2), by: member) == 1)
    }

    @Test func `a key for reading makes no accounts, and reads`() throws {
        let reader = Principal(user: administrator.user, credential: .key(.fixture(1), .read))
        #expect(throws: DomainError.readOnlyKey) { try world.users.createAll([.fixture()], by: reader) }
        #expect(try world.unitOfWork.read { try $0.users.count() } == 1)
        #expect(try world.users.statistics(by: reader).total == 1)
        #expect(try world.users.walk(WalkRequest(.begin), of: .newestFirst, by: reader).items.count == 1)
    }

    @Test func `the numbers are those of now, and of thirty days up to today`() throws {
        try world.store(.fixture(2, createdAt: .t0.adding(seconds: -29 * 86_400)))
        try world.store(.fixture(3, status: .disabled, createdAt: .t0.adding(seconds: -30 * 86_400)))
        let statistics = try world.users.statistics(by: administrator)
        #expect(statistics.total == 3)
        #expect(Role.allCases.map { statistics.count(of: $0) } == [2, 1])
        #expect(UserStatus.allCases.map { statistics.count(of: $0) } == [2, 1])
        #expect(statistics.created.map(\.count) == [1] + Array(repeating: 0, count: 28) + [1])
        #expect(statistics.created.last?.start == Timestamp.t0.startOfDay)
    }
}
