internal import HTTPPipeline

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

    /// Passes all that the handler gets.
    ///
    /// - Throws: ``HTTPError`` 400, 413 and 415.
    func respond(to input: ConditionedRequest, next: (HandlerCall) throws -> Response) throws -> Response {
        let routed = input.checked.authorised.routed
        let body = try input.checked.authorised.body?.read(bodyOf: routed.request, limit: limit) ?? MemberValues()
        let call = Call(
            request: routed.request,
            path: routed.parameters,
            query: input.checked.query,
            body: body,
            expectedVersion: input.expectedVersion
        )
        return try next(HandlerCall(handler: input.checked.authorised.handler, call: call))
    }
}

/// A handler and what it gets.
struct HandlerCall {
    let handler: (Call) throws -> Response
    let call: Call

    /// Runs the handler.
    func run() throws -> Response { try handler(call) }
}
