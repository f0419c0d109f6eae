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

    /// Stores new users without passwords, as far as their addresses are free, and gives the places of the others.
    func insertAll(_ users: [User]) throws -> [Int]

    /// The user with this id, or nil.
    func find(_ id: UserID) throws -> User?

    /// The users with these ids, in no order.
    ///
    /// One query, however many ids there are.
    func find(_ ids: [UserID]) throws -> [User]

    /// The user with this id and the hash of the password, or nil.
    func credentials(of id: UserID) throws -> UserCredentials?

    /// The user whose address folds to the same bytes as `email`, and the hash of the password, or nil.
    func credentials(for email: EmailAddress) throws -> UserCredentials?

    /// The version of the user with this id, or nil.
    func version(of id: UserID) throws -> Int64?

    /// The users of a slice, in the direction in which it is read; at most `slice.limit`.
    ///
    /// Texts are compared by the bytes of their folded forms, ids by their 16
    /// bytes.
    func users(in slice: UserSlice) throws -> [User]

    /// The number of users of a list.
    func count(_ list: UserList) throws -> Int

    /// How many users of which role and status there are; groups that nobody is in may be missing.
    func countGroups() throws -> [UserStatistics.Group]

    /// How many accounts were made on each of so many days, of which the first begins at `first`; in order.
    func countCreated(from first: Timestamp, days: Int) throws -> [UserStatistics.Day]

    /// The number of active administrators other than this user who can sign in: they have a password.
    func countAdministrators(otherThan id: UserID) throws -> Int

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

    /// Deletes a user with all sessions and API keys; false if there was none.
    func delete(_ id: UserID) throws -> Bool
}

extension UserRepository {
    /// The number of all users.
    package func count() throws -> Int {
        try count(.newestFirst)
    }
}
