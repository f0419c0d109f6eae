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

    /// Notes the use of a session and when it ends if it is not used again.
    ///
    /// Nothing happens if there is no such session, or if a use at that instant
    /// or later is noted already: requests may overtake one another.
    func touch(_ id: SessionID, lastSeenAt: Timestamp, expiresAt: Timestamp) throws

    /// Deletes a session; false if there was none.
    func delete(_ id: SessionID) throws -> Bool

    /// Deletes all sessions of a user.
    func deleteAll(of userID: UserID) throws
}
