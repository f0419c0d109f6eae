/// A user together with what proves that somebody is this user.
package struct UserCredentials: Sendable {
    /// The user.
    package let user: User

    /// The hash of the password; nil while no password has been set, and then nobody can sign in.
    package let passwordHash: PasswordHash?

    /// Puts a user and the hash of the password together.
    package init(user: User, passwordHash: PasswordHash?) {
        self.user = user
        self.passwordHash = passwordHash
    }
}
