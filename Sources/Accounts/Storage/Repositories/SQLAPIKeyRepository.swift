internal import Database
internal import Domain

/// API keys in a database, for the length of one transaction.
struct SQLAPIKeyRepository: APIKeyRepository, SQLRepository {
    let reader: DatabaseReader
    let transaction: DatabaseTransaction?
    let cache: StorageCache?

    func insert(_ key: APIKey, tokenDigest: TokenDigest) throws {
        try writing().submit(
            APIKeyStatements.insert,
            key.id,
            key.userID,
            tokenDigest.bytes,
            key.name.text,
            key.access.rawValue,
            key.createdAt,
            key.lastUsedAt,
            key.expiresAt
        )
    }

    func find(_ tokenDigest: TokenDigest) throws -> (key: APIKey, user: User)? {
        guard let cache else { return try load(tokenDigest) }
        return try cache.key(tokenDigest) { try load(tokenDigest) }
    }

    private func load(_ tokenDigest: TokenDigest) throws -> (key: APIKey, user: User)? {
        try reader.row(APIKeyStatements.find, tokenDigest.bytes) { row in
            let user = try row.user()
            return (try row.key(from: 8, of: user.id), user)
        }
    }

    func list(of userID: UserID) throws -> [APIKey] {
        try reader.rows(APIKeyStatements.list, userID) { try $0.key(from: 0, of: userID) }
    }

    func list(of userIDs: [UserID]) throws -> [APIKey] {
        guard let ids = IDList(userIDs) else { return [] }
        let found = try reader.rows(APIKeyStatements.listOfMany, ids.bytes) { row in
            try row.key(from: 0, of: UserID(try row.uuid(6)))
        }
        return found.sorted { $0.id > $1.id }
    }

    func find(_ ids: [APIKeyID]) throws -> [APIKey] {
        guard let ids = IDList(ids) else { return [] }
        return try reader.rows(APIKeyStatements.findMany, ids.bytes) { row in
            try row.key(from: 0, of: UserID(try row.uuid(6)))
        }
    }

    func count(of userID: UserID) throws -> Int {
        try reader.row(APIKeyStatements.count, userID) { try $0.int(0) } ?? 0
    }

    func touch(_ id: APIKeyID, lastUsedAt: Timestamp) throws {
        try writing().submit(APIKeyStatements.touch, id, lastUsedAt)
    }

    func delete(_ id: APIKeyID, of userID: UserID) throws -> Bool {
        try writing().execute(APIKeyStatements.deleteOfUser, id, userID) == 1
    }

    func deleteAll(of userID: UserID) throws {
        try writing().submit(APIKeyStatements.deleteAll, userID)
    }

    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int {
        let transaction = try writing()
        let ids = try transaction.rows(APIKeyStatements.expired, instant, limit) { APIKeyID(try $0.uuid(0)) }
        for id in ids { try transaction.submit(APIKeyStatements.delete, id) }
        return ids.count
    }
}

extension Row {
    /// Reads the columns of a key, which begin at `first`.
    fileprivate func key(from first: Int, of userID: UserID) throws -> APIKey {
        guard let access = APIKeyAccess(rawValue: try string(first + 2)) else {
            throw StorageFault("an API key has an unknown access")
        }
        return APIKey(
            id: APIKeyID(try uuid(first)),
            userID: userID,
            name: APIKeyName(stored: try string(first + 1)),
            access: access,
            createdAt: try timestamp(first + 3),
            lastUsedAt: try optionalInt64(first + 4).map(Timestamp.init(microseconds:)),
            expiresAt: try optionalInt64(first + 5).map(Timestamp.init(microseconds:))
        )
    }
}
