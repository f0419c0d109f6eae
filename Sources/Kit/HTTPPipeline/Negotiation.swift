/// The stage that refuses clients which take no JSON (406).
public struct Negotiation: Stage {
    /// Makes the stage.
    public init() {}

    /// Passes the request on where its Accept field admits JSON.
    ///
    /// - Throws: ``HTTPError`` 406.
    public func respond(to request: Request, next: (Request) throws -> Response) throws -> Response {
        guard MediaType.acceptsJSON(request.field(.accept)) else {
            throw HTTPError(.notAcceptable, "Only application/json is offered.")
        }
        return try next(request)
    }
}
