/// Who calls: a user, and what proves it.
package struct Principal: Caller, Hashable {
    /// The user as stored when the request was authenticated.
    package let user: User

    /// What the request came with.
    package let credential: Credential

    /// Names the caller of a request.
    package init(user: User, credential: Credential) {
        self.user = user
        self.credential = credential
    }

    /// Names the caller of a request that came with a session.
    package init(user: User, sessionID: SessionID) {
        self.init(user: user, credential: .session(sessionID))
    }

    /// The session that the request came with; nil where it came with a key.
    package var sessionID: SessionID? {
        guard case .session(let id) = credential else { return nil }
        return id
    }

    /// Whether the caller may change anything at all; a key may be for reading only.
    package var mayChange: Bool {
        guard case .key(_, .read) = credential else { return true }
        return false
    }

    /// Whether the caller may set passwords: a session proves that the password is known, a key does not.
    package var maySetPasswords: Bool { sessionID != nil }

    /// Whether the caller may do what only administrators may.
    package var isAdministrator: Bool { user.role == .administrator }

    /// Whether a user is the caller's to see and to change; if not, there is no such user for the caller.
    package func reaches(_ id: UserID) -> Bool {
        isAdministrator || id == user.id
    }
}
