internal import Database
internal import Domain

/// Users in a database, for the length of one transaction.
struct SQLUserRepository: UserRepository, SQLRepository {
    let reader: DatabaseReader
    let transaction: DatabaseTransaction?
    let cache: StorageCache?

    func insert(_ user: User, passwordHash: PasswordHash?) throws {
        try insert(user, passwordHash, by: UserStatements.insert)
    }

    func insertAll(_ users: [User]) throws -> [Int] {
        try users.indices.filter { try insert(users[$0], nil, by: UserStatements.insertIfFree) == 0 }
    }

    func find(_ id: UserID) throws -> User? {
        guard let cache else { return try load(id) }
        return try cache.user(id) { try load(id) }
    }

    func find(_ ids: [UserID]) throws -> [User] {
        guard let ids = IDList(ids) else { return [] }
        return try reader.rows(UserStatements.findMany, ids.bytes) { try $0.user() }
    }

    private func load(_ id: UserID) throws -> User? {
        try reader.row(UserStatements.find, id) { try $0.user() }
    }

    /// The rows of a statement, from the cache where there is one.
    private func rows<Element: Sendable>(
        _ statement: StatementDefinition,
        _ values: [DatabaseValue],
        read: (borrowing Row) throws -> Element
    ) throws -> [Element] {
        guard let cache else { return try reader.rows(statement, values: values, read: read) }
        return try cache.rows(of: statement, values) { try reader.rows(statement, values: values, read: read) }
    }

    func credentials(of id: UserID) throws -> UserCredentials? {
        try reader.row(UserStatements.credentialsByID, id) { try $0.credentials() }
    }

    func credentials(for email: EmailAddress) throws -> UserCredentials? {
        try reader.row(UserStatements.credentialsByEmail, email.folded) { try $0.credentials() }
    }

    func version(of id: UserID) throws -> Int64? {
        if cache != nil { return try find(id)?.version }
        return try reader.row(UserStatements.version, id) { try $0.int64(0) }
    }

    func users(in slice: UserSlice) throws -> [User] {
        let statements = try UserListStatements.statements(for: slice.list)
        let bounds: [DatabaseValue] = [.integer(Int64(slice.limit)), .integer(Int64(slice.offset))]
        return try reader.rows(
            slice.descending ? statements.descending : statements.ascending,
            values: slice.list.values(within: slice.range) + bounds
        ) { try $0.user() }
    }

    func count(_ list: UserList) throws -> Int {
        let found =
            if list.isWhole {
                try rows(UserStatements.count, []) { try $0.int(0) }
            } else {
                try rows(try UserListStatements.statements(for: list).count, list.values(within: list.range)) {
                    try $0.int(0)
                }
            }
        return found.first ?? 0
    }

    func countGroups() throws -> [UserStatistics.Group] {
        try rows(UserStatements.countGroups, []) { row in
            UserStatistics.Group(role: try row.role(0), status: try row.status(1), count: try row.int(2))
        }
    }

    func countCreated(from first: Timestamp, days: Int) throws -> [UserStatistics.Day] {
        let end = first.adding(seconds: 86_400 * Int64(days))
        return try rows(UserStatements.countCreated, [first.databaseValue, end.databaseValue]) { row in
            UserStatistics.Day(start: try row.timestamp(0), count: try row.int(1))
        }
    }

    func countAdministrators(otherThan id: UserID) throws -> Int {
        try reader.row(UserStatements.countOtherAdministrators, id) { try $0.int(0) } ?? 0
    }

    func update(_ user: User) throws -> User {
        let stored = try writing().row(
            UserStatements.update,
            user.id,
            user.version,
            user.email.text,
            user.email.folded,
            user.name.text,
            user.name.folded,
            user.role.rawValue,
            user.status.rawValue,
            user.updatedAt
        ) { try $0.user() }
        if let stored { return stored }
        throw try version(of: user.id) != nil ? DomainError.preconditionFailed : DomainError.notFound
    }

    func setPasswordHash(_ hash: PasswordHash, of id: UserID) throws {
        guard try writing().execute(UserStatements.setPasswordHash, id, hash.text) == 1 else {
            throw DomainError.notFound
        }
    }

    func delete(_ id: UserID) throws -> Bool {
        try writing().execute(UserStatements.delete, id) == 1
    }

    @discardableResult
    private func insert(
        _ user: User,
        _ passwordHash: PasswordHash?,
        by statement: StatementDefinition
    ) throws -> Int {
        let transaction = try writing()
        func store<each Value: DatabaseValueConvertible>(_ values: repeat each Value) throws -> Int {
            guard statement === UserStatements.insert else {
                return try transaction.execute(statement, repeat each values)
            }
            try transaction.submit(statement, repeat each values)
            return 1
        }
        return try store(
            user.id,
            user.email.text,
            user.email.folded,
            user.name.text,
            user.name.folded,
            user.role.rawValue,
            user.status.rawValue,
            passwordHash?.text,
            user.version,
            user.createdAt,
            user.updatedAt
        )
    }
}
