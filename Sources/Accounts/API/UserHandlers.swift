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
        var faults: [HTTPError.Detail] = []
        if call.body[UserBody.password] == nil { faults.append(.init(field: "password", message: "is required")) }
        if call.body[UserBody.role] != nil { faults.append(.init(field: "role", message: "is not known here")) }
        if call.body[UserBody.status] != nil { faults.append(.init(field: "status", message: "is not known here")) }
        guard faults.isEmpty, let password = call.body[UserBody.password] else {
            throw HTTPError(.validation, "Invalid input", details: faults)
        }
        let registration = Registration(
            email: try call.body.value(of: UserBody.email),
            name: try call.body.value(of: UserBody.name),
            password: password
        )
        return created(try users.register(registration, by: caller))
    }

    /// Makes an account for somebody else.
    func create(_ call: Call, by caller: Principal) throws -> Response {
        let user = NewUser(
            email: try call.body.value(of: UserBody.email),
            name: try call.body.value(of: UserBody.name),
            password: call.body[UserBody.password],
            role: call.body[UserBody.role] ?? .member,
            status: call.body[UserBody.status] ?? .active
        )
        return created(try users.create(user, by: caller))
    }

    /// One page of all users.
    func list(_ call: Call, by caller: Principal) throws -> Response {
        let request: PageRequest
        do throws(InvalidValue) {
            request = try PageRequest(
                number: call.query[UserQuery.page] ?? 1,
                size: call.query[UserQuery.perPage] ?? PageRequest.defaultSize
            )
        } catch {
            let detail = HTTPError.Detail(field: "page", message: error.message)
            throw HTTPError(.validation, "Invalid input", details: [detail])
        }
        let page = try users.page(request, by: caller)
        var response = Response.page(page.items, page: request.number, perPage: request.size, total: page.total) {
            $0.write(to: &$1)
        }
        let last = max(1, (page.total + request.size - 1) / request.size)
        let links = PageLinks(path: "/api/v1/users", page: request.number, last: last, size: request.size)
        response.add("Link", links.value)
        return response.privately()
    }

    /// One user.
    func read(_ call: Call, by caller: Principal) throws -> Response {
        shown(try users.read(try id(in: call), by: caller))
    }

    /// The caller's own account.
    func me(_ call: Call, by caller: Principal) -> Response {
        shown(users.profile(of: caller))
    }

    /// Sets all members that a full update sets.
    func replace(_ call: Call, by caller: Principal) throws -> Response {
        let replacement = UserReplacement(
            email: try call.body.value(of: UserBody.email),
            name: try call.body.value(of: UserBody.name)
        )
        let body = call.body
        return shown(
            try users.replace(try id(in: call), with: replacement, by: caller) { stored in
                Self.differences(between: body, and: stored)
            }
        )
    }

    /// Sets some members.
    func update(_ call: Call, by caller: Principal) throws -> Response {
        let changes = UserChanges(
            email: call.body[UserBody.email],
            name: call.body[UserBody.name],
            password: call.body[UserBody.password],
            role: call.body[UserBody.role],
            status: call.body[UserBody.status]
        )
        return shown(try users.update(try id(in: call), with: changes, by: caller))
    }

    /// Removes a user.
    func delete(_ call: Call, by caller: Principal) throws -> Response {
        try users.delete(try id(in: call), by: caller)
        return Response(.noContent)
    }

    // MARK: - Parts

    /// An id that is none is one that nobody has.
    private func id(in call: Call) throws -> UserID {
        guard let id = call.path["id"].flatMap({ UserID($0) }) else { throw DomainError.notFound }
        return id
    }

    private func shown(_ user: User) -> Response {
        Response.data { user.write(to: &$0) }.privately()
    }

    private func created(_ user: User) -> Response {
        var response = Response.data(.created) { user.write(to: &$0) }.privately()
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
    func privately() -> Response {
        var response = self
        response.add("Cache-Control", "private, no-cache")
        response.add("Vary", "Authorization, Cookie, Accept")
        return response
    }
}
