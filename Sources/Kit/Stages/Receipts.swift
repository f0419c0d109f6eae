public import HTTPPipeline

/// The stage that answers a second try of a change with what the first one was answered.
///
/// The web server tries again where a worker died under a request. The change may have been made by then, and its answer
/// stands with it (its receipt): that is sent, before limits and authentication, since the change may have ended the very
/// session that the request came with. Makes the same context as it takes.
public struct Receipts<Endpoint>: Stage {
    private let find: (RoutedRequest<Endpoint>) throws -> Response?

    /// Takes what looks for the receipt of a request; it is asked once for each request whose method changes something.
    public init(_ find: @escaping (RoutedRequest<Endpoint>) throws -> Response?) {
        self.find = find
    }

    /// Answers, or passes the request on.
    ///
    /// - Throws: what the look-up throws.
    public func respond(
        to request: RoutedRequest<Endpoint>,
        next: (RoutedRequest<Endpoint>) throws -> Response
    ) throws -> Response {
        guard let method = request.request.method, !method.isSafe else { return try next(request) }
        return try find(request) ?? next(request)
    }
}
