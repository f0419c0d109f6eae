internal import Domain
package import GraphQL
internal import HTTPPipeline
internal import JSON
internal import Services

/// What a handler thread answers GraphQL with, beside the services.
package struct GraphQLParts {
    /// Builds the schema, and what executes operations of it.
    let makeEngine: () throws -> GraphQLEngine<GraphQLContext>
    let errors: GraphQLErrors
    let profile: GraphQLProfile
    let heavy: HeavyOperations

    /// Gathers what one thread needs.
    ///
    /// `documents` and `heavy` are those of the process, `highestCost` is the most that an operation may cost.
    package init(
        profile: GraphQLProfile,
        hashing: any DocumentHashing,
        documents: DocumentCache,
        heavy: HeavyOperations,
        highestCost: Int = 10_000
    ) {
        let errors = GraphQLErrors()
        makeEngine = {
            GraphQLEngine(
                try AccountsSchema.build(),
                limits: OperationLimits(cost: min(10_000, highestCost)),
                cache: documents,
                hashing: hashing,
                describe: errors.describe
            )
        }
        self.errors = errors
        self.profile = profile
        self.heavy = heavy
    }
}

/// What answers `/graphql`: reads, prepares, charges and executes an operation.
///
/// A class, so that handing a request to it copies one reference.
final class GraphQLExchange {
    private let parts: GraphQLParts
    private let services: GraphQLServices
    private let leases: any ChangeLeases
    /// The most bytes of a body.
    private let bodyLimit: Int
    /// Built for the first operation: 2 ms, which would be the start's once for each thread.
    private lazy var engine = Result { try parts.makeEngine() }

    init(parts: GraphQLParts, services: GraphQLServices, leases: any ChangeLeases, bodyLimit: Int) {
        self.parts = parts
        self.services = services
        self.leases = leases
        self.bodyLimit = bodyLimit
    }

    /// Answers a request whose caller is known, if there is one.
    ///
    /// - Throws: `RequestFailure` for what is no operation that may be executed; ``HTTPError`` 400, 405, 413, 415, 429, 503;
    ///   `DomainError` readOnlyKey, and inProgress where the client's name for a change is in use.
    func answer(_ input: AuthenticatedRequest) throws -> Response {
        let request = input.routed.request
        let asked = try AskedOperation(request, bodyLimit: bodyLimit)
        let engine = try engine.get()
        let operation = try engine.prepare(asked.operation)
        let isChange = operation.kind == .mutation
        if isChange { try check(request, input.caller) }
        try services.limits?.passCost(max(1, operation.cost.cost), of: request, by: input.caller)
        guard isChange else {
            return execute(operation, engine, input, nil)
        }
        let name = try clientName(asked, input)
        let heavy = engine.rootFields(of: operation).count(where: AccountsSchema.heavyChanges.contains)
        guard heavy <= 1 else {
            throw RequestFailure(
                .limit,
                [
                    GraphQLError(
                        "An operation may have one of \(AccountsSchema.heavyChanges.sorted().joined(separator: ", "))."
                    )
                ]
            )
        }
        return try leased(name) {
            if heavy == 0 { return execute(operation, engine, input, name) }
            guard let response = parts.heavy.run({ execute(operation, engine, input, name) }) else {
                throw DomainError.overloaded("too many operations hash passwords")
            }
            return response
        }
    }

    /// Refuses a change that may not be asked for in this way.
    private func check(_ request: Request, _ caller: Principal?) throws {
        guard request.method == .post else {
            let allow = Response.Field(name: "Allow", value: "POST")
            throw HTTPError(.methodNotAllowed, "A mutation needs POST.", fields: [allow])
        }
        guard caller?.mayChange ?? true else { throw DomainError.readOnlyKey }
    }

    /// What the client calls the changes, if it does.
    private func clientName(
        _ asked: AskedOperation,
        _ input: AuthenticatedRequest
    ) throws -> OnceForEachField.ClientName? {
        let request = input.routed.request
        guard let field = request.field(.idempotencyKey) else { return nil }
        let (key, caller) = try IdempotentReplay.name(field, of: input.caller)
        return OnceForEachField.ClientName(
            text: key.text,
            caller: caller.user.id,
            content: [Array("POST".utf8), Array("/graphql".utf8), asked.content?.canonicalBytes ?? []]
        )
    }

    private func leased(_ name: OnceForEachField.ClientName?, _ body: () throws -> Response) throws -> Response {
        guard let name else { return try body() }
        let client = OnceForEachField.name(of: name, services.receipts)
        // What is done needs nobody to wait; and a name of something else is refused as a whole.
        if try services.receipts.answer(to: client) != nil { return try body() }
        return try leases.withLease(on: client.key, body)
    }

    private func execute(
        _ operation: PreparedOperation,
        _ engine: GraphQLEngine<GraphQLContext>,
        _ input: AuthenticatedRequest,
        _ name: OnceForEachField.ClientName?
    ) -> Response {
        let request = input.routed.request
        let changes = OnceForEachField(request, by: input.caller, named: name, receipts: services.receipts)
        let context = GraphQLContext(request, by: input.caller, services: services, changes: changes)
        parts.errors.record = request.record
        defer { parts.errors.record = nil }
        let result = engine.execute(operation, context)
        let media = GraphQLMediaType(accept: request.field(.accept)) ?? .graphQL
        let status = parts.profile.status(hasErrors: result.hasErrors, for: media)
        var response = Response(status, contentType: media.contentType, body: result.body)
        response.add("Cache-Control", "no-store")
        for field in context.fields { response.add(field) }
        if changes.isReplay { response.add("Idempotency-Replayed", "true") }
        return response
    }
}
