/// The stored sessions, as one transaction sees them.
///
/// Sessions that have ended by themselves may still be there: the reader
/// compares the times. Every method throws, beside what it names, a fault of
/// the store. After any error the transaction is lost: the closure passes the
/// error on.
package protocol SessionRepository {
    /// Stores a new session under the digest of its token.
    ///
    /// That its user does not exist, or that the digest is taken, is a fault.
    func insert(_ session: Session, tokenDigest: TokenDigest) throws

    /// The session whose token has this digest, ended or not, with its user as stored now; or nil.
    ///
    /// One query, as every request makes it.
    func find(_ tokenDigest: TokenDigest) throws -> (session: Session, user: User)?

    /// The sessions of a user that have not ended by themselves at an instant, the newest first.
    func list(of userID: UserID, at instant: Timestamp) throws -> [Session]

    /// The sessions of several users that have not ended by themselves at an instant; of each the newest first.
    ///
    /// One query, however many users there are.
    func list(of userIDs: [UserID], at instant: Timestamp) throws -> [Session]

    /// The sessions with these ids, ended or not, in no order.
    ///
    /// One query, however many ids there are.
    func find(_ ids: [SessionID]) throws -> [Session]

    /// Notes the use of a session and when it ends if it is not used again.
    ///
    /// Nothing happens if there is no such session, or if a use at that instant
    /// or later is noted already: requests may overtake one another.
    func touch(_ id: SessionID, lastSeenAt: Timestamp, expiresAt: Timestamp) throws

    /// Deletes a session; false if there was none.
    func delete(_ id: SessionID) throws -> Bool

    /// Deletes a session of this user; false if the user has none with this id.
    func delete(_ id: SessionID, of userID: UserID) throws -> Bool

    /// Deletes all sessions of a user.
    func deleteAll(of userID: UserID) throws

    /// Deletes all sessions of a user but one.
    func deleteAll(of userID: UserID, except kept: SessionID) throws

    /// Deletes those sessions of a user that were used longest ago, ended or not, until no more than `limit` are left.
    func prune(of userID: UserID, keeping limit: Int) throws

    /// Deletes at most so many of the sessions that ended by themselves before an instant, those that ended first.
    ///
    /// - Returns: how many it has deleted.
    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int
}
