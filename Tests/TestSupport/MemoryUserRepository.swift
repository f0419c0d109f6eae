import Domain

/// The users of a store in memory.
struct MemoryUserRepository: UserRepository {
    let transaction: MemoryTransaction

    func insert(_ user: User, passwordHash: PasswordHash?) throws {
        try refuseTaken(user.email, by: user.id)
        transaction.state.users[user.id] = MemoryState.StoredUser(user: user, passwordHash: passwordHash)
    }

    func find(_ id: UserID) throws -> User? {
        transaction.state.users[id]?.user
    }

    func credentials(of id: UserID) throws -> UserCredentials? {
        transaction.state.users[id].map { UserCredentials(user: $0.user, passwordHash: $0.passwordHash) }
    }

    func credentials(for email: EmailAddress) throws -> UserCredentials? {
        try holder(of: email).flatMap(credentials(of:))
    }

    func page(_ request: PageRequest, sortedBy sort: UserSort) throws -> [User] {
        let rows = transaction.state.users.values.map { (key: SortKey(of: $0.user, by: sort.key), user: $0.user) }
        let sorted = rows.sorted { sort.descending ? $1.key < $0.key : $0.key < $1.key }
        return sorted.dropFirst(request.offset).prefix(request.size).map(\.user)
    }

    func count() throws -> Int {
        transaction.state.users.count
    }

    func countActiveAdministrators() throws -> Int {
        transaction.state.users.values.count(where: \.user.isActiveAdministrator)
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
        return transaction.state.users.removeValue(forKey: id) != nil
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

/// What a user is sorted by, with the id behind.
private struct SortKey: Comparable {
    let number: Int64
    let text: [UInt8]
    let id: UserID

    init(of user: User, by key: UserSort.Key) {
        number =
            switch key {
            case .createdAt: user.createdAt.microseconds
            case .updatedAt: user.updatedAt.microseconds
            case .email, .name: 0
            }
        text =
            switch key {
            case .createdAt, .updatedAt: []
            case .email: Array(user.email.folded.utf8)
            case .name: Array(user.name.folded.utf8)
            }
        id = user.id
    }

    static func < (left: SortKey, right: SortKey) -> Bool {
        if left.number != right.number { return left.number < right.number }
        if left.text != right.text { return left.text.lexicographicallyPrecedes(right.text) }
        return left.id < right.id
    }
}
