/// What is to be confirmed by mail, and which addresses have been, as one transaction sees them.
///
/// What has expired may still be there: the reader compares the times. Every method throws a fault of the store. After any
/// error the transaction is lost: the closure passes the error on.
package protocol ConfirmationRepository {
    /// Stores a new one under the digest of its token.
    ///
    /// That its user does not exist, or that the digest is taken, is a fault.
    func insert(_ confirmation: Confirmation, tokenDigest: TokenDigest) throws

    /// The one with this id, expired or not, and the digest of its token; or nil.
    func find(_ id: ConfirmationID) throws -> (confirmation: Confirmation, tokenDigest: TokenDigest)?

    /// The one whose token has this digest, expired or not; or nil.
    func find(_ tokenDigest: TokenDigest) throws -> Confirmation?

    /// Notes that the token was shown; nothing happens if there is no such confirmation.
    func confirm(_ id: ConfirmationID, at instant: Timestamp) throws

    /// Deletes all that a user has of these purposes.
    func deleteAll(of userID: UserID, for purposes: [Confirmation.Purpose]) throws

    /// Deletes all of a purpose whose mail went to an address, without regard to case.
    func deleteAll(to email: EmailAddress, for purpose: Confirmation.Purpose) throws

    /// Deletes at most so many of those that expired before an instant, those that expired first.
    ///
    /// - Returns: how many it has deleted.
    func deleteExpired(before instant: Timestamp, limit: Int) throws -> Int

    /// Notes that an address is a user's; in the place of any other of this user.
    ///
    /// That there is no such user is a fault.
    func setVerified(_ email: EmailAddress, of userID: UserID, at instant: Timestamp) throws

    /// Since when it is known that an address, without regard to case, is this user's; nil if it is not.
    func verifiedAt(_ email: EmailAddress, of userID: UserID) throws -> Timestamp?
}
