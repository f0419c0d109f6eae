import Domain
import Testing

extension RepositoryContract {
    /// What a repository of users promises of pages.
    static let userPages: [ContractCheck] = [
        ContractCheck("an empty store has an empty first page") { unitOfWork in
            let total = try unitOfWork.read { try $0.users.count() }
            #expect(total == 0)
            #expect(try unitOfWork.listed(by: .newestFirst).isEmpty)
        },
        ContractCheck("users made one after the other are listed the newest first") { unitOfWork in
            for number in 1...5 as ClosedRange<UInt64> {
                // Ids that fall, so that their order cannot be mistaken for that of the times.
                let instant = Timestamp(microseconds: Timestamp.t0.microseconds + Int64(number))
                try unitOfWork.store(.fixture(100 - number, createdAt: instant))
            }
            #expect(try unitOfWork.listed(by: .newestFirst) == [95, 96, 97, 98, 99])
            #expect(try unitOfWork.listed(by: UserSort(by: .createdAt, descending: false)) == [99, 98, 97, 96, 95])
        },
        ContractCheck("users made at one instant are listed in the order of their ids") { unitOfWork in
            try unitOfWork.store(.fixture(3), .fixture(1), .fixture(256), .fixture(2))
            #expect(try unitOfWork.listed(by: .newestFirst) == [256, 3, 2, 1])
            #expect(try unitOfWork.listed(by: UserSort(by: .createdAt, descending: false)) == [1, 2, 3, 256])
        },
        ContractCheck("ids are ordered without a sign") { unitOfWork in
            let uuids = [
                UUID(high: 0, low: .max), UUID(high: .max, low: 0), UUID(high: 0, low: 1),
                UUID(high: 1 << 63, low: 1 << 63),
            ]
            for (index, uuid) in uuids.enumerated() {
                let model = User.fixture(UInt64(index))
                let user = User(
                    id: UserID(uuid),
                    email: model.email,
                    name: model.name,
                    role: model.role,
                    status: model.status,
                    createdAt: .t0,
                    updatedAt: .t0,
                    version: 1
                )
                try unitOfWork.store(user)
            }
            let sort = UserSort(by: .createdAt, descending: false)
            let list = try UserList(UserCriteria(), sortedBy: sort)
            let listed = try unitOfWork.read { try $0.users.users(in: UserSlice(.first, of: list)) }
            #expect(listed.map(\.id.uuid) == uuids.sorted())
        },
        ContractCheck("pages follow one another without a gap, and end") { unitOfWork in
            for number in 1...7 as ClosedRange<UInt64> {
                try unitOfWork.store(.fixture(number))
            }
            let pages = try (1...4).map { number in
                try unitOfWork.listed(by: .newestFirst, PageRequest(number: number, size: 3))
            }
            #expect(pages == [[7, 6, 5], [4, 3, 2], [1], []])
            #expect(try unitOfWork.listed(by: .newestFirst, PageRequest(number: 1, size: 7)).count == 7)
            #expect(try unitOfWork.listed(by: .newestFirst, PageRequest(number: 10_001, size: 1)).isEmpty)
            #expect(try unitOfWork.read { try $0.users.count() } == 7)
        },
        ContractCheck("users are listed by their last change") { unitOfWork in
            try unitOfWork.store(
                .fixture(1, updatedAt: .t0.adding(seconds: 3)),
                .fixture(2, updatedAt: .t0.adding(seconds: 1)),
                .fixture(3, updatedAt: .t0.adding(seconds: 3)),
                .fixture(4, updatedAt: .t0.adding(seconds: 2))
            )
            #expect(try unitOfWork.listed(by: UserSort(by: .updatedAt, descending: false)) == [2, 4, 1, 3])
            #expect(try unitOfWork.listed(by: UserSort(by: .updatedAt, descending: true)) == [3, 1, 4, 2])
        },
        ContractCheck("users are listed by the bytes of their folded address") { unitOfWork in
            try unitOfWork.store(
                .fixture(1, email: "Zoe@example.com"),
                .fixture(2, email: "\u{C4}nne@example.com"),
                .fixture(3, email: "adam@example.com"),
                .fixture(4, email: "Ann@example.com"),
                .fixture(5, email: "a_b@example.com")
            )
            #expect(try unitOfWork.listed(by: UserSort(by: .email, descending: false)) == [5, 3, 4, 1, 2])
            #expect(try unitOfWork.listed(by: UserSort(by: .email, descending: true)) == [2, 1, 4, 3, 5])
        },
        ContractCheck("users are listed by the bytes of their folded name, alike ones by id") { unitOfWork in
            try unitOfWork.store(
                .fixture(1, name: "\u{10400}"),
                .fixture(2, name: "\u{FFFD}"),
                .fixture(3, name: "bert"),
                .fixture(4, name: "Ann"),
                .fixture(5, name: "ANN"),
                .fixture(6, name: "ann "),
                .fixture(7, name: "\u{C9}va"),
                .fixture(8, name: "e\u{301}va")
            )
            #expect(try unitOfWork.listed(by: UserSort(by: .name, descending: false)) == [4, 5, 6, 3, 8, 7, 2, 1])
            #expect(try unitOfWork.listed(by: UserSort(by: .name, descending: true)) == [1, 2, 7, 8, 3, 6, 5, 4])
        },
        ContractCheck("a user who is updated moves in the order") { unitOfWork in
            try unitOfWork.store(.fixture(1, name: "a"), .fixture(2, name: "b"))
            _ = try unitOfWork.perform { try $0.users.update(.fixture(1, name: "C")) }
            #expect(try unitOfWork.listed(by: UserSort(by: .name, descending: false)) == [2, 1])
        },
    ]
}

extension UnitOfWork {
    /// The numbers of the fixtures on a page, in order.
    fileprivate func listed(by sort: UserSort, _ request: PageRequest = .first) throws -> [UInt64] {
        let list = try UserList(UserCriteria(), sortedBy: sort)
        let rows = try read { try $0.users.users(in: UserSlice(request, of: list)) }
        return rows.prefix(request.size).map { $0.id.uuid.low & 0xFFFF }
    }
}
