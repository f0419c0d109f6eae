import Domain

/// The users of a store in memory.
struct MemoryUserRepository: UserRepository {
    let transaction: MemoryTransaction

    func insert(_ user: User, passwordHash: PasswordHash?) throws {
        try refuseTaken(user.email, by: user.id)
        transaction.state.users[user.id] = MemoryState.StoredUser(user: user, passwordHash: passwordHash)
    }

    func insertAll(_ users: [User]) throws -> [Int] {
        try users.indices.filter { place in
            guard holder(of: users[place].email) == nil else { return true }
            try insert(users[place], passwordHash: nil)
            return false
        }
    }

    func find(_ id: UserID) throws -> User? {
        transaction.state.users[id]?.user
    }

    func find(_ ids: [UserID]) throws -> [User] {
        Set(ids).compactMap { transaction.state.users[$0]?.user }
    }

    func credentials(of id: UserID) throws -> UserCredentials? {
        transaction.state.users[id].map { UserCredentials(user: $0.user, passwordHash: $0.passwordHash) }
    }

    func credentials(for email: EmailAddress) throws -> UserCredentials? {
        try holder(of: email).flatMap(credentials(of:))
    }

    func version(of id: UserID) throws -> Int64? {
        transaction.state.users[id]?.user.version
    }

    func users(in slice: UserSlice) throws -> [User] {
        let rows = listed(by: slice.list)
            .map { (position: UserPosition(of: $0, by: slice.list.sort.key), user: $0) }
            .filter { slice.range.contains($0.position) }
        let sorted = rows.sorted { slice.descending ? $1.position < $0.position : $0.position < $1.position }
        return sorted.dropFirst(slice.offset).prefix(slice.limit).map(\.user)
    }

    func count(_ list: UserList) throws -> Int {
        listed(by: list).count
    }

    func countGroups() throws -> [UserStatistics.Group] {
        Role.allCases.flatMap { role in
            UserStatus.allCases.map { status in
                let count = transaction.state.users.values.count { $0.user.role == role && $0.user.status == status }
                return UserStatistics.Group(role: role, status: status, count: count)
            }
        }
    }

    func countCreated(from first: Timestamp, days: Int) throws -> [UserStatistics.Day] {
        (0..<days).map { day in
            let start = first.adding(seconds: 86_400 * Int64(day))
            let count = transaction.state.users.values.count { $0.user.createdAt.startOfDay == start }
            return UserStatistics.Day(start: start, count: count)
        }
    }

    func countAdministrators(otherThan id: UserID) throws -> Int {
        transaction.state.users.values.count {
            $0.user.isActiveAdministrator && $0.passwordHash != nil && $0.user.id != id
        }
    }

    func update(_ user: User) throws -> User {
        guard let stored = transaction.state.users[user.id] else { throw DomainError.notFound }
        guard stored.user.version == user.version else { throw DomainError.preconditionFailed }
        try refuseTaken(user.email, by: user.id)
        let updated = User(
            id: user.id,
            email: user.email,
            name: user.name,
            role: user.role,
            status: user.status,
            createdAt: stored.user.createdAt,
            updatedAt: user.updatedAt,
            version: user.version + 1
        )
        transaction.state.users[user.id]?.user = updated
        return updated
    }

    func setPasswordHash(_ hash: PasswordHash, of id: UserID) throws {
        guard transaction.state.users[id] != nil else { throw DomainError.notFound }
        transaction.state.users[id]?.passwordHash = hash
    }

    func delete(_ id: UserID) throws -> Bool {
        transaction.state.sessions = transaction.state.sessions.filter { $0.value.session.userID != id }
        transaction.state.keys = transaction.state.keys.filter { $0.value.key.userID != id }
        transaction.state.confirmations = transaction.state.confirmations.filter {
            $0.value.confirmation.userID != id
        }
        transaction.state.verified[id] = nil
        return transaction.state.users.removeValue(forKey: id) != nil
    }

    /// By the criteria themselves, not by the stretch of the order that follows from them.
    private func listed(by list: UserList) -> [User] {
        transaction.state.users.values.map(\.user).filter(list.criteria.match)
    }

    private func holder(of email: EmailAddress) -> UserID? {
        let folded = Array(email.folded.utf8)
        return transaction.state.users.values.first { $0.user.email.folded.utf8.elementsEqual(folded) }?.user.id
    }

    private func refuseTaken(_ email: EmailAddress, by id: UserID) throws {
        if let holder = holder(of: email), holder != id {
            throw DomainError.conflict("email")
        }
    }
}
