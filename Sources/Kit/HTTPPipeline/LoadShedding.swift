/// The stage that refuses what the server has no room for: 503 with Retry-After (RFC 9110, sections 15.6.4 and 10.2.3).
///
/// It decides nothing itself; ``Request/isTurnedAway`` was decided where requests wait. It stands behind routing, so that the
/// log names the route, and before everything that costs.
public struct LoadShedding<Endpoint>: Stage {
    /// Makes the stage.
    public init() {}

    /// Passes a request on for which there is room.
    ///
    /// - Throws: ``HTTPError`` 503.
    @inlinable public func respond(
        to routed: RoutedRequest<Endpoint>,
        next: (RoutedRequest<Endpoint>) throws -> Response
    ) throws -> Response {
        guard !routed.request.isTurnedAway else { throw Self.refusal }
        return try next(routed)
    }

    @usableFromInline static var refusal: HTTPError {
        HTTPError(
            .overloaded,
            "The service is busy. Try again in a moment.",
            fields: [Response.Field(name: "Retry-After", value: "1")],
            story: "too many requests of this kind wait, or it waited too long"
        )
    }
}
