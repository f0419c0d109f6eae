internal import HTTPPipeline

/// Every route: method, pattern, what it takes, who may use it, what answers.
///
/// The table of contents of the API, and the place where "is this public?" is answered.
struct Routes {
    /// Whether anyone may make an account.
    let registrationIsOpen: Bool
    let users: UserHandlers
    let sessions: SessionHandlers
    let health: HealthHandler

    /// The table.
    func router() -> Router<Endpoint> {
        var router = Router<Endpoint>()

        func route(
            _ method: Method,
            _ pattern: String,
            query: QuerySchema = QuerySchema(),
            body: ObjectSchema? = nil,
            _ access: Access
        ) {
            let endpoint = Endpoint(access: access, query: query, body: body)
            router.add(method, "/api/v1\(pattern)", endpoint)
            // Without a version the first one is meant, for ever.
            router.add(method, "/api\(pattern)", canonical: "/api/v1\(pattern)", endpoint)
        }

        route(.get, "/users", query: UserQuery.list, .administrator(users.list))
        route(
            .post,
            "/users",
            body: UserBody.creation,
            registrationIsOpen ? .anyoneKnown(users.register) : .administrator(users.create)
        )
        route(.get, "/users/{id}", .signedIn(users.read))
        route(.put, "/users/{id}", body: UserBody.replacement, .signedIn(users.replace))
        route(.patch, "/users/{id}", body: UserBody.changes, .signedIn(users.update))
        route(.delete, "/users/{id}", .signedIn(users.delete))
        route(.get, "/me", .signedIn(users.me))

        route(.post, "/sessions", body: SessionBody.credentials, .anyone(sessions.signIn))
        route(.delete, "/sessions/current", .signedIn(sessions.signOut))

        router.add(.get, "/health", Endpoint(access: .anyone(health.report), query: QuerySchema(), body: nil))
        return router
    }
}
