/// Who brought a change about.
package enum Actor: Hashable, Sendable {
    /// A user, by a session or a key.
    case user(UserID, by: CredentialID)
    /// Whoever works at the machine.
    case machineOperator
    /// Somebody who has not signed in.
    case anyone
}

/// By what a user was known: no secret.
package enum CredentialID: Hashable, Sendable {
    /// A session.
    case session(SessionID)
    /// An API key.
    case key(APIKeyID)
}

extension Principal {
    package var actor: Actor {
        switch credential {
        case .session(let id): .user(user.id, by: .session(id))
        case .key(let id, _): .user(user.id, by: .key(id))
        }
    }
}

extension Operator {
    package var actor: Actor { .machineOperator }
}
