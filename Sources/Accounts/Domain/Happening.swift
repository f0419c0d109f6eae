/// Something that changes make happen, which others are told.
///
/// It names what changed, and has values of roles and states only: whoever wants to know an address or a name reads it,
/// with the right to do so, and nothing of it is left in the log when its user has gone. A type that is told otherwise
/// one day gets another version; a version only ever gets more members.
package enum Happening: Hashable, Sendable {
    /// An account was made.
    case userCreated(User)
    /// Members of an account were changed; its status is told by itself.
    case userChanged(from: User, to: User)
    /// A user may not sign in any more; all sessions and keys have ended.
    case userDisabled(UserID)
    /// A user may sign in again.
    case userEnabled(UserID)
    /// An account was deleted, with all sessions and keys.
    case userDeleted(UserID)
    /// A password was set.
    case passwordChanged(UserID)
    /// A session was begun.
    case signedIn(UserID, SessionID)
    /// A session was ended by somebody; nil: all of them.
    case signedOut(UserID, SessionID?)
    /// A key was made.
    case keyCreated(APIKey)
    /// A key was ended by somebody; nil: all of them.
    case keyEnded(UserID, APIKeyID?)
    /// A mail was asked for by which something is confirmed. It concerns the user, or, where only an address is known,
    /// itself: nobody has looked whether there is a user.
    case confirmationRequested(Confirmation)
    /// An address was shown to be the user's.
    case emailVerified(UserID)
    /// A webhook was made.
    case webhookCreated(WebhookID)
    /// A webhook was changed.
    case webhookChanged(WebhookID)
    /// A webhook was deleted.
    case webhookDeleted(WebhookID)

    /// A value that is told along.
    package enum Value: Hashable, Sendable {
        /// A text.
        case text(String)
        /// Several texts.
        case texts([String])
        /// An instant, or none.
        case instant(Timestamp?)
    }

    /// What happened, with the version of the members that are told along.
    package var type: EventType {
        switch self {
        case .userCreated: .userCreated
        case .userChanged: .userChanged
        case .userDisabled: .userDisabled
        case .userEnabled: .userEnabled
        case .userDeleted: .userDeleted
        case .passwordChanged: .passwordChanged
        case .signedIn: .signedIn
        case .signedOut: .signedOut
        case .keyCreated: .keyCreated
        case .keyEnded: .keyEnded
        case .confirmationRequested: .confirmationRequested
        case .emailVerified: .emailVerified
        case .webhookCreated: .webhookCreated
        case .webhookChanged: .webhookChanged
        case .webhookDeleted: .webhookDeleted
        }
    }

    /// Whom or what it concerns.
    package var subject: UUID {
        switch self {
        case .userCreated(let user), .userChanged(_, let user): user.id.uuid
        case .userDisabled(let id), .userEnabled(let id), .userDeleted(let id), .passwordChanged(let id),
            .signedIn(let id, _), .signedOut(let id, _), .keyEnded(let id, _), .emailVerified(let id):
            id.uuid
        case .confirmationRequested(let confirmation): confirmation.userID?.uuid ?? confirmation.id.uuid
        case .keyCreated(let key): key.userID.uuid
        case .webhookCreated(let id), .webhookChanged(let id), .webhookDeleted(let id): id.uuid
        }
    }

    /// What is told along, by name.
    package var details: [(name: String, value: Value)] {
        switch self {
        case .userCreated(let user):
            [("role", .text(user.role.rawValue)), ("status", .text(user.status.rawValue))]
        case .userChanged(let before, let after):
            Self.details(from: before, to: after)
        case .confirmationRequested(let confirmation):
            [
                ("confirmation_id", .text(confirmation.id.description)),
                ("purpose", .text(confirmation.purpose.rawValue)),
            ]
        case .userDisabled, .userEnabled, .userDeleted, .passwordChanged, .emailVerified, .webhookCreated,
            .webhookChanged, .webhookDeleted:
            []
        case .signedIn(_, let session):
            [("session_id", .text(session.description))]
        case .signedOut(_, let session):
            session.map { [("session_id", .text($0.description))] } ?? []
        case .keyCreated(let key):
            [
                ("key_id", .text(key.id.description)), ("access", .text(key.access.rawValue)),
                ("expires_at", .instant(key.expiresAt)),
            ]
        case .keyEnded(_, let key):
            key.map { [("key_id", .text($0.description))] } ?? []
        }
    }

    /// What an update of an account makes happen.
    package static func ofUpdate(from before: User, to after: User, settingPassword: Bool) -> [Happening] {
        var happenings: [Happening] = []
        if (before.email, before.name, before.role) != (after.email, after.name, after.role) {
            happenings.append(.userChanged(from: before, to: after))
        }
        if before.status != after.status {
            happenings.append(after.status == .disabled ? .userDisabled(after.id) : .userEnabled(after.id))
        }
        if settingPassword { happenings.append(.passwordChanged(after.id)) }
        return happenings
    }

    private static func details(from before: User, to after: User) -> [(name: String, value: Value)] {
        var fields: [String] = []
        if after.email != before.email { fields.append("email") }
        if after.name != before.name { fields.append("name") }
        guard after.role != before.role else { return [("fields", .texts(fields))] }
        return [
            ("fields", .texts(fields + ["role"])), ("role", .text(after.role.rawValue)),
            ("role_before", .text(before.role.rawValue)),
        ]
    }
}

/// What can happen, as it is stored and shown.
package enum EventType: String, CaseIterable, Sendable {
    /// Who tells of events, as CloudEvents names it.
    package static let source = "/gatehouse"

    case userCreated = "user.created.v1"
    case userChanged = "user.changed.v1"
    case userDisabled = "user.disabled.v1"
    case userEnabled = "user.enabled.v1"
    case userDeleted = "user.deleted.v1"
    case passwordChanged = "user.password_changed.v1"
    case signedIn = "user.signed_in.v1"
    case signedOut = "user.signed_out.v1"
    case keyCreated = "key.created.v1"
    case keyEnded = "key.ended.v1"
    case confirmationRequested = "confirmation.requested.v1"
    case emailVerified = "user.email_verified.v1"
    case webhookCreated = "webhook.created.v1"
    case webhookChanged = "webhook.changed.v1"
    case webhookDeleted = "webhook.deleted.v1"
}
