/// The stored API keys, as one transaction sees them.
///
/// Keys that have expired are still there: the reader compares the times. Every method throws, beside what it names, a
/// fault of the store. After any error the transaction is lost: the closure passes the error on.
package protocol APIKeyRepository {
    /// Stores a new key under the digest of its token.
    ///
    /// That its user does not exist, or that the digest is taken, is a fault.
    func insert(_ key: APIKey, tokenDigest: TokenDigest) throws

    /// The key whose token has this digest, expired or not, with its user as stored now; or nil.
    ///
    /// One query, as every request with a key makes it.
    func find(_ tokenDigest: TokenDigest) throws -> (key: APIKey, user: User)?

    /// The keys of a user, expired ones too, the newest first.
    func list(of userID: UserID) throws -> [APIKey]

    /// The keys of several users, expired ones too; of each the newest first.
    ///
    /// One query, however many users there are.
    func list(of userIDs: [UserID]) throws -> [APIKey]

    /// The keys with these ids, expired ones too, in no order.
    ///
    /// One query, however many ids there are.
    func find(_ ids: [APIKeyID]) throws -> [APIKey]

    /// The number of keys of a user, expired ones too.
    func count(of userID: UserID) throws -> Int

    /// Notes the use of a key.
    ///
    /// Nothing happens if there is no such key, or if a use at that instant or later is noted already: requests may
    /// overtake one another.
    func touch(_ id: APIKeyID, lastUsedAt: Timestamp) throws

    /// Deletes a key of this user; false if the user has none with this id.
    func delete(_ id: APIKeyID, of userID: UserID) throws -> Bool

    /// Deletes all keys of a user.
    func deleteAll(of userID: UserID) throws

    /// Deletes at most so many of the keys that expired before an instant, those that expired first.
    ///
    /// - Returns: how many it has deleted.
    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int
}
