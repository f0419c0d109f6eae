internal import Database
internal import Domain

/// Users in a database, for the length of one transaction.
struct SQLUserRepository: UserRepository {
    let reader: DatabaseReader
    /// nil in a transaction that only reads.
    let transaction: DatabaseTransaction?

    func insert(_ user: User, passwordHash: PasswordHash?) throws {
        try writing().execute(
            UserStatements.insert,
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

    func find(_ id: UserID) throws -> User? {
        try reader.row(UserStatements.find, id) { try $0.user() }
    }

    func credentials(of id: UserID) throws -> UserCredentials? {
        try reader.row(UserStatements.credentialsByID, id) { try $0.credentials() }
    }

    func credentials(for email: EmailAddress) throws -> UserCredentials? {
        try reader.row(UserStatements.credentialsByEmail, email.folded) { try $0.credentials() }
    }

    func page(_ request: PageRequest, sortedBy sort: UserSort) throws -> [User] {
        try reader.rows(try UserStatements.page(sort), request.size, request.offset) { try $0.user() }
    }

    func count() throws -> Int {
        try reader.row(UserStatements.count) { try $0.int(0) } ?? 0
    }

    func countActiveAdministrators() throws -> Int {
        try reader.row(UserStatements.countActiveAdministrators) { try $0.int(0) } ?? 0
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
        let isThere = try reader.row(UserStatements.version, user.id) { try $0.int64(0) } != nil
        throw isThere ? DomainError.preconditionFailed : DomainError.notFound
    }

    func setPasswordHash(_ hash: PasswordHash, of id: UserID) throws {
        guard try writing().execute(UserStatements.setPasswordHash, id, hash.text) == 1 else {
            throw DomainError.notFound
        }
    }

    func delete(_ id: UserID) throws -> Bool {
        try writing().execute(UserStatements.delete, id) == 1
    }

    private func writing() throws -> DatabaseTransaction {
        guard let transaction else { throw StorageFault("a transaction that reads was asked to change users") }
        return transaction
    }
}
