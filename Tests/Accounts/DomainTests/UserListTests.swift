import Domain
import TestSupport
import Testing

struct UserListTests {
    private static let email = EmailAddress(stored: "a@example.com")
    private static let prefix = FoldedPrefix("a")

    @Test func `all users are listed in any order`() throws {
        for key in UserSort.Key.allCases {
            let list = try UserList(UserCriteria(), sortedBy: UserSort(by: key, descending: true))
            #expect(list.range == UserRange())
            #expect(list.sort == UserSort(by: key, descending: true))
        }
    }

    @Test(arguments: [
        UserCriteria(role: .member), UserCriteria(status: .active), UserCriteria(createdAfter: .t0),
        UserCriteria(createdBefore: .t0),
        UserCriteria(role: .member, status: .active, createdAfter: .t0, createdBefore: .t0),
    ])
    func `role, status and time of creation are served in the order of creation only`(criteria: UserCriteria) throws {
        for key in UserSort.Key.allCases {
            let sort = UserSort(by: key, descending: false)
            if key == .createdAt {
                _ = try UserList(criteria, sortedBy: sort)
            } else {
                #expect(throws: InvalidValue.unservedList) { try UserList(criteria, sortedBy: sort) }
            }
        }
    }

    @Test func `prefixes are served in their own order only`() throws {
        for key in UserSort.Key.allCases {
            let sort = UserSort(by: key, descending: false)
            for (criteria, served) in [
                (UserCriteria(emailPrefix: Self.prefix), UserSort.Key.email),
                (UserCriteria(namePrefix: Self.prefix), .name),
            ] {
                if key == served {
                    _ = try UserList(criteria, sortedBy: sort)
                } else {
                    #expect(throws: InvalidValue.unservedList) { try UserList(criteria, sortedBy: sort) }
                }
            }
        }
    }

    @Test func `an address finds one user in whatever order`() throws {
        for key in UserSort.Key.allCases {
            let list = try UserList(UserCriteria(email: Self.email), sortedBy: UserSort(by: key, descending: true))
            #expect(list.range.contains(UserPosition(.text("a@example.com"), .fixture(1))))
            #expect(!list.range.contains(UserPosition(.text("a@example.con"), .fixture(1))))
            #expect(!list.range.contains(UserPosition(.text("a@example.co"), .fixture(1))))
        }
    }

    @Test(arguments: [
        UserCriteria(role: .member, email: email), UserCriteria(createdAfter: .t0, emailPrefix: prefix),
        UserCriteria(email: email, emailPrefix: prefix), UserCriteria(emailPrefix: prefix, namePrefix: prefix),
        UserCriteria(status: .active, namePrefix: prefix),
    ])
    func `other combinations are served in no order`(criteria: UserCriteria) {
        for key in UserSort.Key.allCases {
            #expect(throws: InvalidValue.unservedList) {
                try UserList(criteria, sortedBy: UserSort(by: key, descending: false))
            }
        }
    }

    @Test func `places are compared by value, then by id`() {
        let places = [
            UserPosition(.text("a"), .least), UserPosition(.text("a"), .fixture(1)),
            UserPosition(.text("a"), .fixture(2)), UserPosition(.text("a"), .greatest),
            UserPosition(.text("b"), .least), UserPosition(.text("e\u{301}"), .least),
            UserPosition(.text("\u{E9}"), .least),
        ]
        #expect(places.reversed().sorted() == places)
        #expect(places[1].predecessor < places[1] && places[1] < places[1].successor)
        #expect(places[1].successor == places[2])
        #expect(places[0].predecessor == places[0] && places[3].successor == places[3])
    }

    @Test(arguments: [Int.min, 0, 101])
    func `a step meets 1 to 100 rows`(size: Int) {
        #expect(throws: InvalidValue.pageSize) { try WalkRequest(.begin, size: size) }
    }
}
