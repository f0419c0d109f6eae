/// Who calls: a signed-in user, and the session that proves it.
package struct Principal: Hashable, Sendable {
    /// The user as stored when the request was authenticated.
    package let user: User

    /// The session that the request came with.
    package let sessionID: SessionID

    /// Names the caller of a request.
    package init(user: User, sessionID: SessionID) {
        self.user = user
        self.sessionID = sessionID
    }

    /// Whether the caller may do what only administrators may.
    package var isAdministrator: Bool { user.role == .administrator }

    /// Whether a user is the caller's to see and to change; if not, there is no such user for the caller.
    package func reaches(_ id: UserID) -> Bool {
        isAdministrator || id == user.id
    }
}
