import Domain
import Testing

extension RepositoryContract {
    /// What a repository of users promises of filtered lists and of walks through them.
    static let userLists: [ContractCheck] = [
        ContractCheck("every list has the users that its criteria match, in its order, and counts them") { unitOfWork in
            let users = crowd()
            try unitOfWork.store(all: users)
            for list in try lists() {
                let expected = ordered(users, by: list)
                let slice = UserSlice(try PageRequest(number: 1, size: 100), of: list)
                let rows = try unitOfWork.read { try $0.users.users(in: slice) }
                #expect(rows == expected, "\(list)")
                #expect(try unitOfWork.read { try $0.users.count(list) } == expected.count, "\(list)")
            }
        },
        ContractCheck("a walk meets every user of a list once, on and back, whatever its steps") { unitOfWork in
            let users = crowd()
            try unitOfWork.store(all: users)
            for list in try lists() {
                let expected = ordered(users, by: list).map(\.id)
                for size in [1, 2, 7, 100] {
                    #expect(try unitOfWork.walked(list, size: size) == expected, "\(size) of \(list)")
                }
            }
        },
        ContractCheck("a walk meets those who stay exactly once, while others come, go and move") { unitOfWork in
            let users = crowd()
            try unitOfWork.store(all: users)
            let list = try UserList(UserCriteria(), sortedBy: UserSort(by: .name, descending: false))
            var met: [UserID] = []
            var step: WalkRequest.Step? = .begin
            var newcomer: UInt64 = 2000
            var leavers: Set<UserID> = []
            while let next = step {
                let stretch = try unitOfWork.stretch(list, next, size: 3)
                met += stretch.items.map(\.id)
                step = stretch.next
                // The last one met goes, and others come before and behind.
                if let last = stretch.items.last {
                    leavers.insert(last.id)
                    _ = try unitOfWork.perform { try $0.users.delete(last.id) }
                }
                if newcomer < 2010 {
                    newcomer += 2
                    try unitOfWork.store(.fixture(newcomer, name: "A"), .fixture(newcomer + 1, name: "zz"))
                }
            }
            let stayed = ordered(users, by: list).map(\.id).filter { !leavers.contains($0) }
            let original = Set(users.map(\.id))
            #expect(met.filter { original.contains($0) && !leavers.contains($0) } == stayed)
            #expect(Set(met).count == met.count)
        },
        ContractCheck("where the rows beyond a place are gone, the way back loses nobody") { unitOfWork in
            for descending in [false, true] {
                let list = try UserList(UserCriteria(), sortedBy: UserSort(by: .createdAt, descending: descending))
                let four = (1...4 as ClosedRange<UInt64>).map { User.fixture($0) }
                try unitOfWork.store(all: four)
                let first = try unitOfWork.stretch(list, .begin, size: 2)
                let third = try unitOfWork.stretch(list, try #require(first.next), size: 2)
                let kept = first.items
                try unitOfWork.perform { transaction in
                    for user in third.items { _ = try transaction.users.delete(user.id) }
                }
                let nothing = try unitOfWork.stretch(list, try #require(first.next), size: 2)
                #expect(nothing.items.isEmpty && nothing.next == nil)
                #expect(try unitOfWork.stretch(list, try #require(nothing.previous), size: 9).items == kept)
                try unitOfWork.perform { transaction in
                    for user in kept { _ = try transaction.users.delete(user.id) }
                }
                try unitOfWork.store(all: third.items)
                let before = try unitOfWork.stretch(list, try #require(third.previous), size: 2)
                #expect(before.items.isEmpty && before.previous == nil)
                #expect(try unitOfWork.stretch(list, try #require(before.next), size: 9).items == third.items)
                try unitOfWork.perform { transaction in
                    for user in third.items { _ = try transaction.users.delete(user.id) }
                }
            }
        },
        ContractCheck("the version of a user is that of the last change") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            #expect(try unitOfWork.read { try $0.users.version(of: .fixture(1)) } == 1)
            _ = try unitOfWork.perform { try $0.users.update(.fixture(1, name: "New")) }
            #expect(try unitOfWork.read { try $0.users.version(of: .fixture(1)) } == 2)
            #expect(try unitOfWork.read { try $0.users.version(of: .fixture(2)) } == nil)
        },
    ]

    /// Users who share what they can share: instants, names, beginnings of both.
    private static func crowd() -> [User] {
        let names = [
            "Ann", "ann", "Anna", "a\u{308}nn", "\u{C4}nn", "Bert", "an", "AN\u{10FFFF}\u{10FFFF}", "%", "a_n",
        ]
        return (1...40 as ClosedRange<UInt64>).map { number in
            let step = Int64(number)
            return .fixture(
                // In no order.
                number * 7919 % 1009,
                email: "\(number % 3 == 0 ? "Team." : "")User\(number)@example.com",
                name: names[Int(number) % names.count],
                role: number % 4 == 0 ? .administrator : .member,
                status: number % 5 == 0 ? .disabled : .active,
                // Many at one instant, and some a microsecond apart.
                createdAt: Timestamp(microseconds: Timestamp.t0.microseconds + step / 8),
                updatedAt: Timestamp(microseconds: Timestamp.t0.microseconds - step % 6)
            )
        }
    }

    /// One list of each kind, in both directions.
    private static func lists() throws -> [UserList] {
        let after = Timestamp.t0
        let before = Timestamp(microseconds: after.microseconds + 4)
        let byCreation = [
            UserCriteria(),
            UserCriteria(role: .member), UserCriteria(status: .disabled),
            UserCriteria(role: .administrator, status: .active),
            UserCriteria(createdAfter: after), UserCriteria(createdBefore: before),
            UserCriteria(role: .member, status: .active, createdAfter: after, createdBefore: before),
            UserCriteria(status: .active, createdBefore: before), UserCriteria(role: .member, createdAfter: after),
            UserCriteria(createdAfter: before, createdBefore: after),
        ]
        let byName = ["a", "AN", "ann", "an\u{10FFFF}", "\u{E4}", "%", "a_", "b", "zz"].map {
            UserCriteria(namePrefix: FoldedPrefix($0))
        }
        let byEmail =
            ["team", "USER1", "user12@example.com", "u%"].map { UserCriteria(emailPrefix: FoldedPrefix($0)) }
            + [UserCriteria(email: EmailAddress(stored: "uSER7@example.COM"))]
        let all = [UserCriteria()]
        let kinds: [(UserSort.Key, [UserCriteria])] = [
            (.createdAt, byCreation), (.updatedAt, all), (.email, all + byEmail), (.name, all + byName),
        ]
        return try kinds.flatMap { key, criteria in
            try criteria.flatMap { criteria in
                try [false, true].map { try UserList(criteria, sortedBy: UserSort(by: key, descending: $0)) }
            }
        }
    }

    /// What a list is to be, without any of the code that makes stretches.
    private static func ordered(_ users: [User], by list: UserList) -> [User] {
        let ascending = users.filter(list.criteria.match).sorted { left, right in
            let (first, second) = (sortBytes(left, list.sort.key), sortBytes(right, list.sort.key))
            return first.lexicographicallyPrecedes(second)
        }
        return list.sort.descending ? ascending.reversed() : ascending
    }

    private static func sortBytes(_ user: User, _ key: UserSort.Key) -> [UInt8] {
        func bigEndian(_ number: UInt64) -> [UInt8] {
            stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
        }
        // A byte that no text has ends it.
        let value =
            switch key {
            case .createdAt: bigEndian(UInt64(user.createdAt.microseconds))
            case .updatedAt: bigEndian(UInt64(user.updatedAt.microseconds))
            case .email: Array(user.email.text.lowercased().utf8) + [0]
            case .name: Array(user.name.text.lowercased().utf8) + [0]
            }
        return value + bigEndian(user.id.uuid.high) + bigEndian(user.id.uuid.low)
    }
}

extension UnitOfWork {
    fileprivate func store(all users: [User]) throws {
        try perform { transaction in
            for user in users { try transaction.users.insert(user, passwordHash: nil) }
        }
    }

    fileprivate func stretch(_ list: UserList, _ step: WalkRequest.Step, size: Int) throws -> UserStretch {
        let request = try WalkRequest(step, size: size)
        return UserStretch(try read { try $0.users.users(in: UserSlice(request, of: list)) }, for: request, of: list)
    }

    /// Walks to the end, then back, and gives what the way on has met where the way back has met the same.
    fileprivate func walked(_ list: UserList, size: Int) throws -> [UserID] {
        var on: [UserID] = []
        var back: [UserID] = []
        var step: WalkRequest.Step? = .begin
        var last: UserStretch?
        while let next = step {
            let stretch = try stretch(list, next, size: size)
            on += stretch.items.map(\.id)
            step = stretch.next
            last = stretch
        }
        step = last?.previous
        back = last?.items.map(\.id) ?? []
        while let previous = step {
            let stretch = try stretch(list, previous, size: size)
            back = stretch.items.map(\.id) + back
            step = stretch.previous
        }
        #expect(back == on, "back, \(size) of \(list)")
        return on
    }
}
