internal import Domain
internal import HTTPPipeline

/// Every route: method, pattern, what it takes, who may use it, what answers.
///
/// The table of contents of the API, and the place where "is this public?" is answered.
struct Routes {
    /// Whether anyone may make an account.
    let registrationIsOpen: Bool
    let users: UserHandlers
    let userList: UserListHandler
    let sessions: SessionHandlers
    let passwords: PasswordHandlers
    let keys: APIKeyHandlers
    let health: HealthHandler

    /// The table.
    func router() -> Router<Endpoint> {
        var router = Router<Endpoint>()

        func route(
            _ method: Method,
            _ pattern: String,
            query: QuerySchema = QuerySchema(),
            body: BodyDeclaration? = nil,
            revision: ((PathParameters, Principal) throws -> Revision)? = nil,
            _ access: Access
        ) {
            let endpoint = Endpoint(access: access, query: query, body: body, findRevision: revision)
            router.add(method, "/api/v1\(pattern)", endpoint)
            // Without a version the first one is meant, for ever.
            router.add(method, "/api\(pattern)", canonical: "/api/v1\(pattern)", endpoint)
        }

        route(.get, "/users", query: UserQuery.list, .administrator(userList.list))
        route(
            .post,
            "/users",
            body: .of(UserBody.registration, administrator: UserBody.creation),
            registrationIsOpen ? .anyoneKnown(users.register) : .administrator(users.create)
        )
        route(.post, "/users/batch", body: .of(UserBody.batch), .administrator(users.createAll))
        route(.get, "/users/stats", .administrator(users.statistics))
        route(.get, "/users/{id}", revision: users.revision, .signedIn(users.read))
        route(.put, "/users/{id}", body: .of(UserBody.replacement), revision: users.revision, .signedIn(users.replace))
        route(.patch, "/users/{id}", body: .of(UserBody.changes), revision: users.revision, .signedIn(users.update))
        route(.delete, "/users/{id}", revision: users.revision, .signedIn(users.delete))
        route(.get, "/users/{id}/sessions", .administrator(sessions.listOfUser))
        route(.delete, "/users/{id}/sessions", .administrator(sessions.endAllOfUser))
        route(.get, "/users/{id}/api-keys", .administrator(keys.listOfUser))
        route(.delete, "/users/{id}/api-keys", .administrator(keys.endAllOfUser))
        route(.get, "/me", revision: users.ownRevision, .signedIn(users.me))
        route(.post, "/me/password", body: .of(PasswordBody.change), .signedInBySession(passwords.change))

        route(.post, "/sessions", body: .of(SessionBody.credentials), .anyone(sessions.signIn))
        route(.get, "/sessions", .signedIn(sessions.list))
        route(.delete, "/sessions", .signedIn(sessions.endAll))
        route(.delete, "/sessions/current", .signedInBySession(sessions.signOut))
        route(.delete, "/sessions/{id}", .signedIn(sessions.end))

        route(.post, "/api-keys", body: .of(APIKeyBody.creation), .signedInBySession(keys.create))
        route(.get, "/api-keys", .signedIn(keys.list))
        route(.delete, "/api-keys/{id}", .signedIn(keys.end))

        router.add(.get, "/health", Endpoint(access: .anyone(health.report), query: QuerySchema(), body: nil))
        return router
    }
}
