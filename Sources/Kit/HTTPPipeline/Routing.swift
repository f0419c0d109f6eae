/// The stage that finds the endpoint: 404 and 405 are answered here, and so is OPTIONS.
public struct Routing<Endpoint>: Stage {
    @usableFromInline let router: Router<Endpoint>

    /// Takes all routes.
    public init(_ router: Router<Endpoint>) {
        self.router = router
    }

    /// Passes the request on with its endpoint.
    ///
    /// - Throws: ``HTTPError`` 404 for a path that nobody serves, 405 with Allow for a method that its routes lack.
    @inlinable public func respond(
        to request: Request,
        next: (RoutedRequest<Endpoint>) throws -> Response
    ) throws -> Response {
        guard let match = router.match(request.path) else {
            throw HTTPError(.notFound, "There is no such resource.")
        }
        request.record.route = match.pattern
        if request.method == .options {
            var response = Response(.noContent)
            response.add("Allow", match.allow)
            return response
        }
        let method = request.method == .head ? .get : request.method
        guard let found = match.endpoints.first(where: { $0.method == method }) else {
            throw HTTPError(
                .methodNotAllowed,
                "The method is not allowed for this resource.",
                fields: [Response.Field(name: "Allow", value: match.allow)]
            )
        }
        return try next(RoutedRequest(request: request, endpoint: found.endpoint, parameters: match.parameters))
    }
}

/// A request whose endpoint is known.
public struct RoutedRequest<Endpoint> {
    /// The request.
    public let request: Request
    /// What serves it.
    public let endpoint: Endpoint
    /// What the path gave to the pattern.
    public let parameters: PathParameters

    @inlinable
    init(request: Request, endpoint: Endpoint, parameters: PathParameters) {
        self.request = request
        self.endpoint = endpoint
        self.parameters = parameters
    }
}
