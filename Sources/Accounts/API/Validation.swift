internal import Domain
internal import HTTPPipeline
internal import Services

/// The stage that checks the query against what the route declares.
struct QueryValidation: Stage {
    /// Passes the request on with its parameters.
    ///
    /// - Throws: ``HTTPError`` 400.
    func respond(to input: AuthorisedRequest, next: (CheckedRequest) throws -> Response) throws -> Response {
        let query = try input.routed.endpoint.contract.query.read(input.routed.request.query)
        return try next(CheckedRequest(authorised: input, query: query))
    }
}

/// The stage that reads the body and checks it against what the route declares.
struct BodyValidation: Stage {
    /// The most bytes of a body.
    let limit: Int
    /// What makes a change one that is made once.
    let receipts: ReceiptService

    /// Passes all that the handler gets.
    ///
    /// - Throws: ``HTTPError`` 400, 413 and 415.
    func respond(to input: ConditionedRequest, next: (HandlerCall) throws -> Response) throws -> Response {
        let routed = input.checked.authorised.routed
        let call = Call(
            request: routed.request,
            path: routed.parameters,
            query: input.checked.query,
            body: try body(of: input),
            expectedVersion: input.expectedVersion,
            once: once(input)
        )
        return try next(HandlerCall(handler: input.checked.authorised.handler, call: call))
    }

    private func body(of input: ConditionedRequest) throws -> MemberValues {
        guard let schema = input.checked.authorised.body else { return MemberValues() }
        if let content = input.named?.content { return try schema.read(content) }
        return try schema.read(bodyOf: input.checked.authorised.routed.request, limit: limit)
    }

    private func once(_ input: ConditionedRequest) -> Once<Response>? {
        let routed = input.checked.authorised.routed
        guard !routed.request.isSafe else { return nil }
        return receipts.once(
            ChangeName(request: receipts.key(of: routed), client: input.named?.client),
            plain: { PlainAnswer($0) },
            restore: { try Response($0, isReplay: $1) }
        )
    }
}

/// A handler and what it gets.
struct HandlerCall {
    let handler: (Call) throws -> Response
    let call: Call

    /// Runs the handler.
    func run() throws -> Response { try handler(call) }
}
