internal import Domain
internal import HTTPPipeline
internal import OpenAPI

/// Every route: method, pattern, who may use it and what answers, the contract of what it takes and answers,
/// what limits it, and whether it waits apart from others because it is heavy.
///
/// The table of contents of the API, and the place where "is this public?" is answered. The contracts stand beside the
/// handlers: `UserContracts.swift` and its like.
struct Routes {
    /// Whether anyone may make an account.
    let registrationIsOpen: Bool
    let users: UserHandlers
    let userList: UserListHandler
    let sessions: SessionHandlers
    let passwords: PasswordHandlers
    let keys: APIKeyHandlers
    let audit: AuditHandlers
    let webhooks: WebhookHandlers
    /// What is done by mail; nil where none is sent, and then there are no such routes.
    let confirmations: ConfirmationHandlers?
    let health: HealthHandler
    let document: DocumentHandler
    /// How the description is made of all this.
    let description: Description
    /// Whether there is GraphQL beside all this.
    let offersGraphQL: Bool

    /// The table.
    var table: [Route] { resources + (offersGraphQL ? [.graphQL(.post), .graphQL(.get)] : []) }

    private var resources: [Route] {
        [
            .init(.get, "/users", .administrator(userList.list), .listUsers),
            .init(.post, "/users", registration, .createUser, isHeavy: true),
            .init(.post, "/users/batch", .administrator(users.createAll), .createUsers),
            .init(.get, "/users/stats", .administrator(users.statistics), .readStatistics),
            .init(.get, "/users/{id}", .signedIn(users.read), .readUser, revision: users.revision),
            .init(.put, "/users/{id}", .signedIn(users.replace), .replaceUser, revision: users.revision),
            .init(.patch, "/users/{id}", .signedIn(users.update), .updateUser, revision: users.revision),
            .init(.delete, "/users/{id}", .signedIn(users.delete), .deleteUser, revision: users.revision),
            .init(.get, "/users/{id}/sessions", .administrator(sessions.listOfUser), .listSessionsOfUser),
            .init(.delete, "/users/{id}/sessions", .administrator(sessions.endAllOfUser), .endSessionsOfUser),
            .init(.get, "/users/{id}/api-keys", .administrator(keys.listOfUser), .listKeysOfUser),
            .init(.delete, "/users/{id}/api-keys", .administrator(keys.endAllOfUser), .endKeysOfUser),
            .init(.get, "/me", .signedIn(users.me), .readMe, revision: users.ownRevision),
            .init(
                .post,
                "/me/password",
                .signedInBySession(passwords.change),
                .changePassword,
                limit: .passwordChange,
                isHeavy: true
            ),

            .init(.post, "/sessions", .anyone(sessions.signIn), .signIn, limit: .signIn, isHeavy: true),
            .init(.get, "/sessions", .signedIn(sessions.list), .listSessions),
            .init(.delete, "/sessions", .signedIn(sessions.endAll), .endSessions),
            .init(.delete, "/sessions/current", .signedInBySession(sessions.signOut), .signOut),
            .init(.delete, "/sessions/{id}", .signedIn(sessions.end), .endSession),

            .init(.post, "/api-keys", .signedInBySession(keys.create), .createKey),
            .init(.get, "/api-keys", .signedIn(keys.list), .listKeys),
            .init(.delete, "/api-keys/{id}", .signedIn(keys.end), .endKey),

            .init(.get, "/audit-events", .administrator(audit.list), .listAuditEvents),
            .init(.get, "/events", .administrator(audit.events), .listEvents),

            .init(.post, "/webhooks", .administrator(webhooks.create), .createWebhook),
            .init(.get, "/webhooks", .administrator(webhooks.list), .listWebhooks),
            .init(.get, "/webhooks/{id}", .administrator(webhooks.read), .readWebhook),
            .init(.patch, "/webhooks/{id}", .administrator(webhooks.update), .updateWebhook),
            .init(.delete, "/webhooks/{id}", .administrator(webhooks.delete), .deleteWebhook),
            .init(.get, "/webhooks/{id}/deliveries", .administrator(webhooks.deliveries), .listDeliveries),
            .init(.get, "/webhooks/{id}/dead-letters", .administrator(webhooks.deadLetters), .listDeadLetters),
            .init(.post, "/webhooks/{id}/replays", .administrator(webhooks.replay), .replayDeadLetters),
        ] + (confirmations.map(Self.routes(ofMail:)) ?? []) + [
            .init(.get, outsideOfVersions: "/health", .anyone(health.report), .readHealth),
            .init(.get, outsideOfVersions: "/health/ready", .anyone(health.ready), .readReadiness),
            .init(.get, outsideOfVersions: "/health/live", .anyone(health.live), .readLiveness),
            .init(.get, outsideOfVersions: "/openapi.json", .anyone(showDocument), .readDocument),
        ]
    }

    private static func routes(ofMail mail: ConfirmationHandlers) -> [Route] {
        [
            .init(.post, "/password-resets", .anyone(mail.requestPasswordReset), .requestPasswordReset, limit: .mail),
            .init(
                .post,
                "/password-resets/confirmations",
                .anyone(mail.resetPassword),
                .resetPassword,
                limit: .mail,
                isHeavy: true
            ),
            .init(.get, "/email-verifications", .signedIn(mail.verification), .readVerification),
            .init(
                .post,
                "/email-verifications",
                .signedIn(mail.requestVerification),
                .requestVerification,
                limit: .mail
            ),
            .init(.post, "/email-verifications/confirmations", .anyone(mail.verify), .verifyEmail, limit: .mail),
            .init(
                .post,
                "/email-changes",
                .signedInBySession(mail.requestChange),
                .requestEmailChange,
                limit: .mail
            ),
            .init(
                .post,
                "/email-changes/confirmations",
                .anyone(mail.confirmChange),
                .confirmEmailChange,
                limit: .mail
            ),
        ]
    }

    private var registration: Access {
        registrationIsOpen ? .anyoneKnown(users.register) : .administrator(users.create)
    }

    private func showDocument(_ call: Call) throws -> Response {
        try document.show(call) { description.document(of: table) }
    }
}

/// A line of the table.
struct Route {
    let method: Method
    /// The path with parameters in braces.
    let pattern: String
    /// The same without a version, by which the first one is meant, for ever; nil where there are no versions.
    let unversioned: String?
    let endpoint: Endpoint

    /// A route of version 1.
    init(
        _ method: Method,
        _ path: String,
        _ access: Access,
        _ contract: Contract,
        revision: ((PathParameters, Principal) throws -> Revision)? = nil,
        limit: RouteLimit? = nil,
        isHeavy: Bool = false
    ) {
        self.method = method
        pattern = "/api/v1\(path)"
        unversioned = "/api\(path)"
        endpoint = Endpoint(
            access: access,
            contract: contract,
            findRevision: revision,
            limit: limit,
            isHeavy: isHeavy
        )
    }

    /// The route of GraphQL, whose requests go a way of their own behind it.
    static func graphQL(_ method: Method) -> Route {
        Route(
            method,
            isGraphQL: true,
            "/graphql",
            .anyoneKnown { _, _ in throw HTTPError.fault("no handler of GraphQL") }
        )
    }

    private init(_ method: Method, isGraphQL: Bool, _ path: String, _ access: Access) {
        self.method = method
        pattern = path
        unversioned = nil
        endpoint = Endpoint(
            access: access,
            contract: Contract("graphql", .service, "Ask and change by GraphQL"),
            isGraphQL: isGraphQL
        )
    }

    /// A route that is the same in all versions.
    init(_ method: Method, outsideOfVersions path: String, _ access: Access, _ contract: Contract) {
        self.method = method
        pattern = path
        unversioned = nil
        endpoint = Endpoint(access: access, contract: contract)
    }
}

extension Router<Endpoint> {
    /// Finds the endpoints of a table.
    init(_ table: [Route]) {
        self.init()
        for (number, route) in table.enumerated() {
            route.endpoint.number = number
            add(route.method, route.pattern, route.endpoint)
            if let path = route.unversioned { add(route.method, path, canonical: route.pattern, route.endpoint) }
        }
    }
}
