/// The stored users, as one transaction sees them.
///
/// Every method throws, beside what it names, a fault of the store. After any
/// error the transaction is lost: the closure passes the error on.
package protocol UserRepository {
    /// Stores a new user.
    ///
    /// Throws `DomainError.conflict("email")` if another user has the same
    /// folded address.
    func insert(_ user: User, passwordHash: PasswordHash?) throws

    /// The user with this id, or nil.
    func find(_ id: UserID) throws -> User?

    /// The user with this id and the hash of the password, or nil.
    func credentials(of id: UserID) throws -> UserCredentials?

    /// The user whose address folds to the same bytes as `email`, and the hash of the password, or nil.
    func credentials(for email: EmailAddress) throws -> UserCredentials?

    /// The users of one page, in the order asked for; none behind the end.
    ///
    /// Texts are compared by the bytes of their folded forms, ids by their 16
    /// bytes.
    func page(_ request: PageRequest, sortedBy sort: UserSort) throws -> [User]

    /// The number of all users.
    func count() throws -> Int

    /// The number of users with the role of an administrator who may sign in.
    func countActiveAdministrators() throws -> Int

    /// Stores the members of a user anew and gives the user back with the next version.
    ///
    /// `user.version` is the version that was read. Id, `createdAt` and the
    /// password stay as they are. Throws `DomainError.notFound` if there is no
    /// such user, `preconditionFailed` if the stored version is another, and
    /// `conflict("email")` if another user has the same folded address.
    func update(_ user: User) throws -> User

    /// Sets the hash of a user's password and leaves everything else, the version too.
    ///
    /// Throws `DomainError.notFound` if there is no such user.
    func setPasswordHash(_ hash: PasswordHash, of id: UserID) throws

    /// Deletes a user with all sessions; false if there was none.
    func delete(_ id: UserID) throws -> Bool
}
