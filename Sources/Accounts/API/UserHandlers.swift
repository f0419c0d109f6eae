internal import Domain
internal import HTTPPipeline
internal import JSON
internal import Services

/// What answers the routes of users: bytes in, one call of the service, bytes out.
struct UserHandlers {
    let users: UserService

    /// Makes an account for whoever asks; role and status are an administrator's to choose.
    func register(_ call: Call, by caller: Principal?) throws -> Response {
        if let caller, caller.isAdministrator { return try create(call, by: caller) }
        return try users.register(try Registration(call.body), by: caller, answering: call.answering(Self.created))
    }

    /// Makes an account for somebody else.
    func create(_ call: Call, by caller: Principal) throws -> Response {
        try users.create(try NewUser(call.body), by: caller, answering: call.answering(Self.created))
    }

    /// Makes accounts for others, all or none.
    func createAll(_ call: Call, by caller: Principal) throws -> Response {
        let newUsers = try call.body.value(of: UserBody.users).map { try NewUser($0) }
        let answering = call.answering { (created: [User]) in
            Response.data(.created) { data in
                data.array { list in
                    for user in created { User.representation.write(user, to: &list) }
                }
            }.privately()
        }
        return try users.createAll(newUsers, by: caller, answering: answering)
    }

    /// How many users there are.
    func statistics(_ call: Call, by caller: Principal) throws -> Response {
        let statistics = try users.statistics(by: caller)
        return Response.data(statistics, as: UserStatistics.representation).privately()
    }

    /// One user.
    func read(_ call: Call, by caller: Principal) throws -> Response {
        Self.shown(try users.read(try call.path.identifier(), by: caller))
    }

    /// The caller's own account.
    func me(_ call: Call, by caller: Principal) -> Response {
        Self.shown(users.profile(of: caller))
    }

    /// Sets all members that a full update sets.
    func replace(_ call: Call, by caller: Principal) throws -> Response {
        let replacement = UserReplacement(
            email: try call.body.value(of: UserBody.email),
            name: try call.body.value(of: UserBody.name)
        )
        let body = call.body
        return try users.replace(
            try call.path.identifier(),
            with: replacement,
            expecting: call.expectedVersion,
            by: caller,
            answering: call.answering(Self.shown),
            differences: { Self.differences(between: body, and: $0) }
        )
    }

    /// Sets some members, by a merge patch (RFC 7396).
    ///
    /// No member of a user can be removed, so that `null`, which would do that, is refused as a value.
    func update(_ call: Call, by caller: Principal) throws -> Response {
        try users.update(
            try call.path.identifier(),
            with: UserChanges(call.body),
            expecting: call.expectedVersion,
            by: caller,
            answering: call.answering(Self.shown)
        )
    }

    /// Removes a user.
    func delete(_ call: Call, by caller: Principal) throws -> Response {
        try users.delete(
            try call.path.identifier(),
            expecting: call.expectedVersion,
            by: caller,
            answering: call.answering { Response(.noContent) }
        )
    }

    // MARK: - Versions

    /// The present version of the user whom the path names.
    func revision(_ path: PathParameters, _ caller: Principal) throws -> Revision {
        let id: UserID = try path.identifier()
        if id == caller.user.id { return ownRevision(path, caller) }
        return User.revision(of: id, version: try users.version(of: id, by: caller))
    }

    /// The present version of the caller; no query.
    func ownRevision(_ path: PathParameters, _ caller: Principal) -> Revision {
        let user = users.profile(of: caller)
        return User.revision(of: user.id, version: user.version)
    }

    // MARK: - Parts

    private static func shown(_ user: User) -> Response {
        Response.data(user, as: User.representation).tagged(user.entityTag).privately()
    }

    private static func created(_ user: User) -> Response {
        var response = Response.data(user, as: User.representation, status: .created).tagged(user.entityTag).privately()
        response.add("Location", "/api/v1/users/\(user.id)")
        return response
    }

    /// The read-only members of a full update that are not as they are stored.
    private static func differences(between body: MemberValues, and user: User) -> [FieldError] {
        var fields: [String] = []
        if let id = body[UserBody.id], UserID(id) != user.id { fields.append("id") }
        if let role = body[UserBody.role], role != user.role { fields.append("role") }
        if let status = body[UserBody.status], status != user.status { fields.append("status") }
        if let text = body[UserBody.createdAt], RFC3339.microseconds(text) != user.createdAt.microseconds {
            fields.append("created_at")
        }
        if let text = body[UserBody.updatedAt], RFC3339.microseconds(text) != user.updatedAt.microseconds {
            fields.append("updated_at")
        }
        return fields.map { FieldError(field: $0, message: "is read-only here and must equal the present value") }
    }
}

extension Response {
    /// Lets the caller's own cache keep the response and ask again, and no shared cache.
    consuming func privately(varyingBy field: String? = nil) -> Response {
        add("Cache-Control", "private, no-cache")
        let common = "Authorization, Cookie, Accept"
        add("Vary", field.map { "\(common), \($0)" } ?? common)
        return self
    }
}
