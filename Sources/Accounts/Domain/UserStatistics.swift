/// How many users there are, and of what kind.
package struct UserStatistics: Hashable, Sendable {
    /// The users of one role and status.
    package struct Group: Hashable, Sendable {
        /// What they may do.
        package let role: Role

        /// Whether they may sign in.
        package let status: UserStatus

        /// How many they are.
        package let count: Int

        /// Counts a group.
        package init(role: Role, status: UserStatus, count: Int) {
            self.role = role
            self.status = status
            self.count = count
        }
    }

    /// The accounts that were made on one day and are still there.
    package struct Day: Hashable, Sendable {
        /// The beginning of the day in UTC.
        package let start: Timestamp

        /// How many they are.
        package let count: Int

        /// Counts a day.
        package init(start: Timestamp, count: Int) {
            self.start = start
            self.count = count
        }
    }

    /// How many days are told.
    package static let dayCount = 30

    /// The groups; one that nobody is in may be missing.
    package let groups: [Group]

    /// The last days, today among them, the oldest first.
    package let created: [Day]

    /// Puts together what was counted.
    package init(groups: [Group], created: [Day]) {
        self.groups = groups
        self.created = created
    }

    /// The number of all users.
    package var total: Int { groups.reduce(0) { $0 + $1.count } }

    /// The number of users with a role.
    package func count(of role: Role) -> Int {
        groups.reduce(0) { $1.role == role ? $0 + $1.count : $0 }
    }

    /// The number of users with a status.
    package func count(of status: UserStatus) -> Int {
        groups.reduce(0) { $1.status == status ? $0 + $1.count : $0 }
    }
}
