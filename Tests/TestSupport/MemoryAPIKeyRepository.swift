import Domain

/// The API keys of a store in memory.
struct MemoryAPIKeyRepository: APIKeyRepository {
    let transaction: MemoryTransaction

    func insert(_ key: APIKey, tokenDigest: TokenDigest) throws {
        guard transaction.state.users[key.userID] != nil else { throw MemoryFault.keyWithoutUser }
        guard transaction.state.keys[key.id] == nil, try find(tokenDigest) == nil else { throw MemoryFault.keyTwice }
        transaction.state.keys[key.id] = MemoryState.StoredKey(key: key, tokenDigest: tokenDigest)
    }

    func find(_ tokenDigest: TokenDigest) throws -> (key: APIKey, user: User)? {
        guard let key = transaction.state.keys.values.first(where: { $0.tokenDigest == tokenDigest })?.key,
            let user = transaction.state.users[key.userID]?.user
        else { return nil }
        return (key, user)
    }

    func list(of userID: UserID) throws -> [APIKey] {
        transaction.state.keys.values.map(\.key).filter { $0.userID == userID }.sorted { $0.id > $1.id }
    }

    func list(of userIDs: [UserID]) throws -> [APIKey] {
        try Set(userIDs).flatMap { try list(of: $0) }
    }

    func find(_ ids: [APIKeyID]) throws -> [APIKey] {
        Set(ids).compactMap { transaction.state.keys[$0]?.key }
    }

    func count(of userID: UserID) throws -> Int {
        try list(of: userID).count
    }

    func touch(_ id: APIKeyID, lastUsedAt: Timestamp) throws {
        guard let key = transaction.state.keys[id]?.key, key.lastUsedAt.map({ $0 < lastUsedAt }) ?? true else { return }
        transaction.state.keys[id]?.key.lastUsedAt = lastUsedAt
    }

    func delete(_ id: APIKeyID, of userID: UserID) throws -> Bool {
        guard transaction.state.keys[id]?.key.userID == userID else { return false }
        return transaction.state.keys.removeValue(forKey: id) != nil
    }

    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int {
        let expired = transaction.state.keys.values.map(\.key)
            .compactMap { key in key.expiresAt.map { (id: key.id, at: $0) } }
            .filter { $0.at < instant }.sorted { $0.at < $1.at }.prefix(limit)
        for key in expired { transaction.state.keys[key.id] = nil }
        return expired.count
    }

    func deleteAll(of userID: UserID) throws {
        transaction.state.keys = transaction.state.keys.filter { $0.value.key.userID != userID }
    }
}
