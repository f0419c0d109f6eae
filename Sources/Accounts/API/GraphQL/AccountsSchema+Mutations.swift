internal import Domain
internal import GraphQL
internal import HTTPPipeline
internal import JSON
internal import Services

extension AccountsSchema {
    /// The changes that always hash a password, and so take a thousand times as long as a read.
    static let heavyChanges: Set = ["register", "createUser", "changePassword", "signIn", "resetPassword"]

    /// Adds what can be changed: what REST offers, one field for each change.
    static func addMutations(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        addUserChanges(to: &type)
        addSessionChanges(to: &type)
        addKeyChanges(to: &type)
    }

    private static func addUserChanges(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        type.change(
            "register",
            "UserPayload",
            description: "Makes an account of one's own, where registration is open.",
            taking: UserBody.registration
        ) { members, _, context in
            let registration = try Registration(members)
            return try context.changes.make(ChangedUser.init) {
                try context.services.users.register(registration, by: context.anyone, answering: $0)
            }
        }
        type.change(
            "createUser",
            "UserPayload",
            description: "Makes an account for somebody else; for administrators.",
            taking: UserBody.creation
        ) { members, _, context in
            let (user, caller) = (try NewUser(members), try context.signedIn())
            return try context.changes.make(ChangedUser.init) {
                try context.services.users.create(user, by: caller, answering: $0)
            }
        }
        type.change(
            "createUsers",
            "UsersPayload",
            description: "Makes up to 100 accounts without passwords, all or none; for administrators.",
            taking: UserBody.batch
        ) { members, _, context in
            let users = try members.value(of: UserBody.users).map { try NewUser($0) }
            let caller = try context.signedIn()
            return try context.changes.make(MadeUsers.init) {
                try context.services.users.createAll(users, by: caller, answering: $0)
            }
        }
        type.change(
            "updateUser",
            "UserPayload",
            description: "Changes a user; what is left out stays. Password, role and status are an administrator's.",
            arguments: [userID, version],
            taking: UserBody.changes
        ) { members, arguments, context in
            let caller = try context.signedIn()
            let (id, version) = (try arguments.userID(), try context.version(arguments))
            return try context.changes.make(ChangedUser.init) {
                try context.services.users.update(
                    id,
                    with: UserChanges(members),
                    expecting: version,
                    by: caller,
                    answering: $0
                )
            }
        }
        type.change(
            "deleteUser",
            "EndedPayload",
            description: "Deletes a user with all sessions and API keys.",
            arguments: [userID, version]
        ) { arguments, context in
            let caller = try context.signedIn()
            let (id, version) = (try arguments.userID(), try context.version(arguments))
            return try context.changes.make({ Ended(id.uuid) }) {
                try context.services.users.delete(id, expecting: version, by: caller, answering: $0)
            }
        }
        type.change(
            "changePassword",
            "PasswordPayload",
            description: "Changes the caller's password; this session goes on, all others of the caller end.",
            taking: PasswordBody.change
        ) { members, _, context in
            let (current, new) = (try members.value(of: PasswordBody.current), try members.value(of: PasswordBody.new))
            let caller = try context.signedIn()
            return try context.changes.make({ Ended(caller.user.id.uuid) }) {
                try context.services.limits?.passPasswordChange(context.request, by: caller)
                return try context.services.passwords.change(from: current, to: new, by: caller, answering: $0)
            }
        }
    }

    private static func addSessionChanges(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        type.change(
            "signIn",
            "SessionPayload",
            description: "Begins a session; the token is shown this once, or set as a cookie and not shown.",
            taking: SessionBody.credentials
        ) { members, _, context in
            let email = try members.value(of: SessionBody.email)
            let password = try members.value(of: SessionBody.password)
            let isForCookie = members[SessionBody.cookie] ?? false
            let (request, services) = (context.request, context.services)
            let begun = try context.changes.make({ (signedIn: SignedIn) in
                BegunSession(session: signedIn.session, token: signedIn.token, user: signedIn.user)
            }) {
                try services.limits?.passSignInAddress(request)
                try services.limits?.passSignIn(request, email: email)
                return try services.sessions.signIn(
                    email: email,
                    password: password,
                    from: SessionOrigin(
                        address: request.remoteAddress,
                        userAgent: request.field(.userAgent) ?? ""
                    ),
                    answering: $0
                )
            }
            request.record.caller = begun.user.id.description
            if isForCookie { context.fields.append(SessionCookie.field(for: begun.session, begun.token)) }
            return ShownBegunSession(begun: begun, showsToken: !isForCookie)
        }
        type.change("signOut", "EndedPayload", description: "Ends the session that the request came with.") {
            _,
            context in
            let caller = try context.signedIn()
            guard let id = caller.sessionID else { throw DomainError.sessionRequired }
            let ended = try context.changes.make({ Ended(id.uuid) }) {
                try context.services.sessions.signOut(caller, answering: $0)
            }
            context.takeCookieAway()
            return ended
        }
        type.change(
            "endSession",
            "EndedPayload",
            description: "Ends one of the caller's sessions.",
            arguments: [InputValueDefinition("id", "ID!")]
        ) { arguments, context in
            let caller = try context.signedIn()
            let id: SessionID = try arguments.identifier()
            let ended = try context.changes.make({ Ended(id.uuid) }) {
                try context.services.sessions.end(id, by: caller, answering: $0)
            }
            if id == caller.sessionID { context.takeCookieAway() }
            return ended
        }
        type.change(
            "endSessions",
            "EndedPayload",
            description: "Ends all sessions of a user: the caller's, this one too, where no other is named.",
            arguments: [otherUserID]
        ) { arguments, context in
            let caller = try context.signedIn()
            let id = try arguments.otherUserID(for: caller)
            let ended = try context.changes.make({ Ended(id.uuid) }) {
                try context.services.sessions.endAll(of: id, by: caller, answering: $0)
            }
            if id == caller.user.id { context.takeCookieAway() }
            return ended
        }
    }

    private static func addKeyChanges(to type: inout ObjectTypeBuilder<GraphQLContext, Void>) {
        type.change(
            "createAPIKey",
            "APIKeyPayload",
            description: "Makes an API key of the caller; what proves it is shown this once.",
            taking: APIKeyBody.creation
        ) { members, _, context in
            let (key, caller) = (try NewAPIKey(members), try context.signedIn())
            return try context.changes.make({ (issued: IssuedAPIKey) in MadeKey(key: issued.key, token: issued.token) })
            {
                try context.services.keys.create(key, by: caller, answering: $0)
            }
        }
        type.change(
            "endAPIKey",
            "EndedPayload",
            description: "Ends one of the caller's API keys.",
            arguments: [InputValueDefinition("id", "ID!")]
        ) { arguments, context in
            let caller = try context.signedIn()
            let id: APIKeyID = try arguments.identifier()
            return try context.changes.make({ Ended(id.uuid) }) {
                try context.services.keys.end(id, by: caller, answering: $0)
            }
        }
        type.change(
            "endAPIKeys",
            "EndedPayload",
            description: "Ends all API keys of a user: the caller's where no other is named.",
            arguments: [otherUserID]
        ) { arguments, context in
            let caller = try context.signedIn()
            let id = try arguments.otherUserID(for: caller)
            return try context.changes.make({ Ended(id.uuid) }) {
                try context.services.keys.endAll(of: id, by: caller, answering: $0)
            }
        }
    }

    private static let userID = InputValueDefinition("id", "ID!", description: "The user.")
    private static let otherUserID = InputValueDefinition("userId", "ID", description: "For administrators.")
    private static let version = InputValueDefinition(
        "ifVersion",
        "Int",
        description: "Only where the user still has this version."
    )

    /// What changes give.
    static func addPayloads(to builder: inout SchemaBuilder<GraphQLContext>) {
        let bodies = [
            UserBody.registration, UserBody.creation, UserBody.batch, UserBody.changes, PasswordBody.change,
            SessionBody.credentials, APIKeyBody.creation,
        ]
        for body in bodies { builder.input(body) }
        builder.object("UserPayload", of: ChangedUser.self, description: "A user who was made or changed.") { type in
            type.object("user", "User!") { .value($0.user) }
        }
        builder.object("PasswordPayload", of: Ended.self, description: "Whose password was changed.") { type in
            type.objects("user", "User", cost: .read) { changed, _, context in
                try context.users(changed.map { UserID($0.id) }).map { .optional($0) }
            }
        }
        builder.object("UsersPayload", of: MadeUsers.self, description: "Users who were made together.") { type in
            type.object("users", "[User!]!") { .values($0.users) }
        }
        builder.object("SessionPayload", of: ShownBegunSession.self, description: "A session that has begun.") { type in
            type.objects("session", "Session!") { begun, _, context in
                // It is the one that the client will come with next.
                begun.map { .value(ShownSession(session: $0.begun.session, isCurrent: true)) }
            }
            type.value("token", "String", description: "Proves the session; null where it is set as a cookie.") {
                shown in
                shown.showsToken ? .string(shown.begun.token.text) : .null
            }
            type.object("user", "User!") { .value($0.begun.user) }
        }
        builder.object("APIKeyPayload", of: MadeKey.self, description: "An API key that was made.") { type in
            type.object("apiKey", "APIKey!") { .value($0.key) }
            type.value("key", "String!", description: "Proves the key; shown this once.") { .string($0.token.text) }
        }
        builder.object("EndedPayload", of: Ended.self, description: "What is there no more.") { type in
            type.value("id", "ID!", description: "Its id; that of the user where it is all that a user had.") {
                .string("\($0.id)")
            }
        }
    }
}

/// A session that has just begun, as its user sees it.
struct ShownBegunSession {
    let begun: BegunSession
    /// Whether the token is shown; not where it is set as a cookie.
    let showsToken: Bool
}

extension Arguments {
    /// The user whom the argument `id` names.
    fileprivate func userID() throws -> UserID { try identifier() }

    /// The user whom the argument `userId` names, which only administrators may; else the caller.
    fileprivate func otherUserID(for caller: Principal) throws -> UserID {
        guard let text = string("userId") else { return caller.user.id }
        guard caller.isAdministrator else { throw DomainError.forbidden }
        guard let id = UserID(text) else { throw DomainError.notFound }
        return id
    }
}

extension GraphQLContext {
    /// The version that a change of a user is meant for; nil where it does not matter.
    fileprivate func version(_ arguments: Arguments) throws -> Int64? {
        let version = arguments.integer("ifVersion").map { Int64($0) }
        guard version != nil || !services.requiresVersion else {
            throw HTTPError(.preconditionRequired, "A change must name the version it is meant for, by ifVersion.")
        }
        return version
    }

    /// Takes the cookie away where the session has ended that it stands for.
    fileprivate func takeCookieAway() {
        if request.isByCookie { fields.append(SessionCookie.removal) }
    }
}
