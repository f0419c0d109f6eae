package import Domain

/// What signing in gives: a session, its user, and the token that is shown this once.
package struct SignedIn: Sendable {
    /// The new session.
    package let session: Session

    /// What proves the session from now on.
    package let token: SessionToken

    /// Whose session it is.
    package let user: User
}
