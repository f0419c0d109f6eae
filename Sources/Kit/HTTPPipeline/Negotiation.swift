/// The stage that refuses clients which take no JSON (406).
///
/// Makes the same context as it takes.
public struct Negotiation<Context>: Stage {
    private let request: (Context) -> Request

    /// Makes the stage; `request` finds the request in its context.
    public init(_ request: @escaping (Context) -> Request) {
        self.request = request
    }

    /// Passes the request on where its Accept field admits JSON.
    ///
    /// - Throws: ``HTTPError`` 406.
    public func respond(to input: Context, next: (Context) throws -> Response) throws -> Response {
        guard MediaType.acceptsJSON(request(input).field(.accept)) else {
            throw HTTPError(.notAcceptable, "Only application/json is offered.")
        }
        return try next(input)
    }
}

extension Negotiation where Context == Request {
    /// Makes the stage for requests themselves.
    public init() { self.init { $0 } }
}
