package import Domain
package import HTTPPipeline
internal import Observability
package import OpenAPI
package import Pagination
package import Services
package import Stages

/// The way of every request, outermost stage first.
///
/// Each stage takes the context that the one before it makes: put two in a wrong order, and it does not compile. Behind
/// routing there are two ways, one for resources and one for GraphQL, whose errors, media types and replays are others.
package struct Pipeline {
    private let table: [Route]
    private let description: Description
    private let answer: (Request) throws -> Response

    /// Puts the stages around the routes of one handler thread.
    package init(
        users: UserService,
        sessions: SessionService,
        passwords: PasswordService,
        keys: APIKeyService,
        audit: AuditService,
        webhooks: WebhookService,
        confirmations: ConfirmationService?,
        health: HealthService,
        receipts: ReceiptService,
        leases: any ChangeLeases,
        registrationIsOpen: Bool,
        observer: RequestObserver,
        bodyLimit: Int,
        requiresIfMatch: Bool,
        cursorSigning: any CursorSigning,
        limits: RequestLimits?,
        responses: ResponseStore?,
        graphQL: GraphQLParts?,
        version: String,
        document: PublishedDocument,
        observeRoute: @escaping (Int) -> Void = { _ in },
        crashes: @escaping () -> Int = { 0 },
        makeRequestID: @escaping () -> String
    ) {
        description = Description(version: version, requiresIfMatch: requiresIfMatch)
        let routes = Routes(
            registrationIsOpen: registrationIsOpen,
            users: UserHandlers(users: users),
            userList: UserListHandler(users: users, signing: cursorSigning),
            sessions: SessionHandlers(sessions: sessions, limits: limits),
            passwords: PasswordHandlers(passwords: passwords),
            keys: APIKeyHandlers(keys: keys),
            audit: AuditHandlers(audit: audit, signing: cursorSigning),
            webhooks: WebhookHandlers(webhooks: webhooks),
            confirmations: confirmations.map { ConfirmationHandlers(confirmations: $0, limits: limits) },
            health: HealthHandler(health: health),
            document: DocumentHandler(published: document),
            description: description,
            offersGraphQL: graphQL != nil
        )
        table = routes.table
        let errors = ErrorRendering(translate: ErrorTable.translate)
        let entrance = RequestIdentification(makeID: makeRequestID)
            .then(FixedFields([("API-Version", "1")]))
            .then(observer.observation(of: table.map { ($0.method.rawValue, $0.pattern) }))
            .then(QuotaFields())
            .then(errors)
            .then(CrashLimit(crashes))
            .then(Routing(Router(table)))
            .then(RouteObservation(observe: observeRoute))
        let resources = Negotiation(\RoutedRequest<Endpoint>.request)
            .then(Receipts(receipts.response(to:)))
            // Next to stand here: deadlines.
            .then(LoadShedding())
            .then(observer.phase(.limits))
            .then(RateLimit(limits?.passAddress))
            .then(observer.phase(.authentication))
            .then(Authentication(sessions: sessions, keys: keys))
            .then(observer.phase(.limits))
            .then(RateLimit(limits?.passUser))
            .then(observer.phase(.handler))
            .then(Authorisation())
            .then(QueryValidation())
            .then(IdempotentReplay(receipts: receipts, leases: leases, errors: errors, bodyLimit: bodyLimit))
            .then(ConditionalRequests(requiresIfMatch: requiresIfMatch))
            .then(ResponseCaching(store: responses))
            .then(BodyValidation(limit: bodyLimit, receipts: receipts))
        guard let graphQL else {
            answer = { request in
                try entrance.respond(to: request) { routed in try resources.respond(to: routed) { try $0.run() } }
            }
            return
        }
        let operations = GraphQLErrorRendering(profile: graphQL.profile)
            .then(GraphQLNegotiation())
            .then(LoadShedding())
            .then(observer.phase(.limits))
            .then(RateLimit(limits?.passAddress))
            .then(observer.phase(.authentication))
            .then(
                Authentication(
                    sessions: sessions,
                    keys: keys,
                    earlierCaller: { try OnceForEachField.caller(of: $0, receipts) }
                )
            )
            .then(observer.phase(.limits))
            .then(RateLimit(limits?.passUser))
            .then(observer.phase(.handler))
        let exchange = GraphQLExchange(
            parts: graphQL,
            services: GraphQLServices(
                users: users,
                sessions: sessions,
                passwords: passwords,
                keys: keys,
                audit: audit,
                webhooks: webhooks,
                confirmations: confirmations,
                receipts: receipts,
                signing: cursorSigning,
                limits: limits,
                requiresVersion: requiresIfMatch
            ),
            leases: leases,
            bodyLimit: bodyLimit
        )
        answer = { request in
            try entrance.respond(to: request) { routed in
                routed.endpoint.isGraphQL
                    ? try operations.respond(to: routed, next: exchange.answer)
                    : try resources.respond(to: routed) { try $0.run() }
            }
        }
    }

    /// The routes that are heavy, by method and all patterns.
    package var heavyRoutes: [(method: Method, pattern: String)] {
        table.filter(\.endpoint.isHeavy).flatMap { route in
            [route.pattern, route.unversioned].compactMap { $0 }.map { (route.method, $0) }
        }
    }

    /// What the API promises, route by route.
    package var operations: [OpenAPI.Operation] { description.operations(of: table) }

    /// What people call the routes, by their numbers.
    package var routeNames: [String] { table.map { "\($0.method.rawValue) \($0.pattern)" } }

    /// Answers a request; errors have become responses on the way.
    package func respond(to request: Request) -> Response {
        do {
            return try answer(request)
        } catch {
            // Only the stages outside of ErrorRendering could throw, and none does.
            return ErrorBody.envelope.response(for: .fault(String(reflecting: error)), requestID: request.id)
        }
    }
}
