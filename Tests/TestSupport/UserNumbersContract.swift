import Domain
import Testing

extension RepositoryContract {
    /// What a repository of users promises of many at once.
    static let userNumbers: [ContractCheck] = [
        ContractCheck("new users are stored as far as their addresses are free") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            let newUsers: [User] = [
                .fixture(11), .fixture(12, email: "USER2@example.com"), .fixture(13, name: "New", role: .administrator),
                .fixture(14, email: "User1@Example.com"),
            ]
            #expect(try unitOfWork.perform { try $0.users.insertAll(newUsers) } == [1, 3])
            #expect(try unitOfWork.storedUser(.fixture(11)) == newUsers[0])
            #expect(try unitOfWork.storedUser(.fixture(12)) == nil)
            #expect(try unitOfWork.storedUser(.fixture(13)) == newUsers[2])
            #expect(try unitOfWork.read { try $0.users.credentials(of: .fixture(13)) }?.passwordHash == nil)
            #expect(try unitOfWork.read { try $0.users.count() } == 4)
            #expect(try unitOfWork.perform { try $0.users.insertAll([]) } == [])
        },
        ContractCheck("groups are counted by role and status") { unitOfWork in
            #expect(try unitOfWork.read { try $0.users.countGroups() }.allSatisfy { $0.count == 0 })
            try unitOfWork.store(
                .fixture(1, role: .administrator),
                .fixture(2),
                .fixture(3),
                .fixture(4, status: .disabled)
            )
            let groups = try unitOfWork.read { try $0.users.countGroups() }.filter { $0.count > 0 }
            #expect(
                Set(groups) == [
                    UserStatistics.Group(role: .administrator, status: .active, count: 1),
                    UserStatistics.Group(role: .member, status: .active, count: 2),
                    UserStatistics.Group(role: .member, status: .disabled, count: 1),
                ]
            )
        },
        ContractCheck("accounts are counted by the day on which they were made") { unitOfWork in
            let first = Timestamp.t0.startOfDay
            func instant(_ day: Int64, _ microseconds: Int64) -> Timestamp {
                Timestamp(microseconds: first.microseconds + day * Timestamp.microsecondsOfDay + microseconds)
            }
            try unitOfWork.store(
                .fixture(1, createdAt: instant(0, -1)),
                .fixture(2, createdAt: instant(0, 0)),
                .fixture(3, createdAt: instant(1, -1)),
                .fixture(4, createdAt: instant(2, 0)),
                .fixture(5, createdAt: instant(3, -1)),
                .fixture(6, createdAt: instant(3, 0))
            )
            let days = try unitOfWork.read { try $0.users.countCreated(from: first, days: 3) }
            #expect(days.map(\.count) == [2, 0, 2])
            #expect(days.map(\.start) == [instant(0, 0), instant(1, 0), instant(2, 0)])
        },
    ]
}
