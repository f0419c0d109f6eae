internal import Domain
internal import JSON

/// What a change gives, in a form that its receipt can keep, to be given again on a second try.
protocol KeptResult {
    /// The result as it is kept.
    var kept: JSONValue { get }

    /// Reads what was kept, or gives nil where it is something else.
    init?(kept: JSONValue)
}

/// A user who was made or changed.
struct ChangedUser: KeptResult {
    let user: User

    init(_ user: User) { self.user = user }

    var kept: JSONValue { user.kept }

    init?(kept: JSONValue) {
        guard let user = User(kept: kept) else { return nil }
        self.init(user)
    }
}

/// Users who were made together.
struct MadeUsers: KeptResult {
    let users: [User]

    init(_ users: [User]) { self.users = users }

    var kept: JSONValue { .array(users.map(\.kept)) }

    init?(kept: JSONValue) {
        guard case .array(let elements) = kept else { return nil }
        let users = elements.compactMap { User(kept: $0) }
        guard users.count == elements.count else { return nil }
        self.init(users)
    }
}

/// A session that has just begun, with what proves it.
struct BegunSession: KeptResult {
    let session: Session
    let token: SessionToken
    let user: User

    init(session: Session, token: SessionToken, user: User) {
        self.session = session
        self.token = token
        self.user = user
    }

    var kept: JSONValue { ["session": session.kept, "token": .string(token.text), "user": user.kept] }

    init?(kept: JSONValue) {
        guard let session = kept["session"].flatMap({ Session(kept: $0) }),
            let token = kept.text("token").flatMap({ SessionToken($0) }),
            let user = kept["user"].flatMap({ User(kept: $0) })
        else { return nil }
        self.init(session: session, token: token, user: user)
    }
}

/// An API key that was just made, with what proves it.
struct MadeKey: KeptResult {
    let key: APIKey
    let token: APIKeyToken

    init(key: APIKey, token: APIKeyToken) {
        self.key = key
        self.token = token
    }

    var kept: JSONValue { ["key": key.kept, "token": .string(token.text)] }

    init?(kept: JSONValue) {
        guard let key = kept["key"].flatMap({ APIKey(kept: $0) }),
            let token = kept.text("token").flatMap({ APIKeyToken($0) })
        else { return nil }
        self.init(key: key, token: token)
    }
}

/// Something that is there no more, or several that somebody had, by an id.
struct Ended: KeptResult {
    let id: UUID

    init(_ id: UUID) { self.id = id }

    var kept: JSONValue { .string(id.description) }

    init?(kept: JSONValue) {
        guard case .string(let text) = kept, let id = UUID(text) else { return nil }
        self.init(id)
    }
}

// MARK: - Entities

extension User: KeptResult {
    var kept: JSONValue {
        [
            "id": .string("\(id)"), "email": .string(email.text), "name": .string(name.text),
            "role": .string(role.rawValue), "status": .string(status.rawValue),
            "created_at": .integer(createdAt.microseconds), "updated_at": .integer(updatedAt.microseconds),
            "version": .integer(version),
        ]
    }

    init?(kept: JSONValue) {
        guard let id = kept.text("id").flatMap({ UserID($0) }), let email = kept.text("email"),
            let name = kept.text("name"), let role = kept.text("role").flatMap(Role.init(rawValue:)),
            let status = kept.text("status").flatMap(UserStatus.init(rawValue:)),
            let createdAt = kept.instant("created_at"), let updatedAt = kept.instant("updated_at"),
            case .integer(let version)? = kept["version"]
        else { return nil }
        self.init(
            id: id,
            email: EmailAddress(stored: email),
            name: PersonName(stored: name),
            role: role,
            status: status,
            createdAt: createdAt,
            updatedAt: updatedAt,
            version: version
        )
    }
}

extension Session: KeptResult {
    var kept: JSONValue {
        [
            "id": .string("\(id)"), "user_id": .string("\(userID)"), "created_at": .integer(createdAt.microseconds),
            "last_seen_at": .integer(lastSeenAt.microseconds), "expires_at": .integer(expiresAt.microseconds),
            "ends_at": .integer(endsAt.microseconds), "address": .string(origin.address),
            "user_agent": .string(origin.userAgent),
        ]
    }

    init?(kept: JSONValue) {
        guard let id = kept.text("id").flatMap({ SessionID($0) }),
            let userID = kept.text("user_id").flatMap({ UserID($0) }), let createdAt = kept.instant("created_at"),
            let lastSeenAt = kept.instant("last_seen_at"), let expiresAt = kept.instant("expires_at"),
            let endsAt = kept.instant("ends_at"), let address = kept.text("address"),
            let userAgent = kept.text("user_agent")
        else { return nil }
        self.init(
            id: id,
            userID: userID,
            createdAt: createdAt,
            lastSeenAt: lastSeenAt,
            expiresAt: expiresAt,
            endsAt: endsAt,
            origin: SessionOrigin(address: address, userAgent: userAgent)
        )
    }
}

extension APIKey: KeptResult {
    var kept: JSONValue {
        [
            "id": .string("\(id)"), "user_id": .string("\(userID)"), "name": .string(name.text),
            "access": .string(access.rawValue), "created_at": .integer(createdAt.microseconds),
            "last_used_at": lastUsedAt.map { .integer($0.microseconds) } ?? .null,
            "expires_at": expiresAt.map { .integer($0.microseconds) } ?? .null,
        ]
    }

    init?(kept: JSONValue) {
        guard let id = kept.text("id").flatMap({ APIKeyID($0) }),
            let userID = kept.text("user_id").flatMap({ UserID($0) }), let name = kept.text("name"),
            let access = kept.text("access").flatMap(APIKeyAccess.init(rawValue:)),
            let createdAt = kept.instant("created_at")
        else { return nil }
        self.init(
            id: id,
            userID: userID,
            name: APIKeyName(stored: name),
            access: access,
            createdAt: createdAt,
            lastUsedAt: kept.instant("last_used_at"),
            expiresAt: kept.instant("expires_at")
        )
    }
}

extension Principal: KeptResult {
    var kept: JSONValue {
        switch credential {
        case .session(let id): ["user": user.kept, "session": .string("\(id)")]
        case .key(let id, let access):
            ["user": user.kept, "key": .string("\(id)"), "access": .string(access.rawValue)]
        }
    }

    init?(kept: JSONValue) {
        guard let user = kept["user"].flatMap({ User(kept: $0) }) else { return nil }
        if let id = kept.text("session").flatMap({ SessionID($0) }) {
            self.init(user: user, sessionID: id)
        } else if let id = kept.text("key").flatMap({ APIKeyID($0) }),
            let access = kept.text("access").flatMap(APIKeyAccess.init(rawValue:))
        {
            self.init(user: user, credential: .key(id, access))
        } else {
            return nil
        }
    }
}

extension JSONValue {
    /// A text among the members of an object.
    func text(_ name: String) -> String? { self[name]?.string }

    /// An instant among the members of an object.
    func instant(_ name: String) -> Timestamp? {
        self[name]?.integer.map(Timestamp.init(microseconds:))
    }
}
