internal import Domain
internal import HTTPPipeline
internal import Services

/// The stage that finds out who calls, by `Authorization: Bearer <token>`.
///
/// A token that is none of ours, or has ended, is refused (401) wherever the route looks at the caller: a client that
/// believes to be signed in must learn that it is not.
struct Authentication: Stage {
    let sessions: SessionService

    /// Passes the request on with its caller.
    ///
    /// - Throws: `DomainError` unauthenticated, also for another scheme, and sessionExpired.
    func respond(
        to routed: RoutedRequest<Endpoint>,
        next: (AuthenticatedRequest) throws -> Response
    ) throws -> Response {
        try next(AuthenticatedRequest(routed: routed, caller: try caller(of: routed)))
    }

    private func caller(of routed: RoutedRequest<Endpoint>) throws -> Principal? {
        if case .anyone = routed.endpoint.access { return nil }
        guard let value = routed.request.field(.authorization) else { return nil }
        guard let token = Self.bearerToken(value) else { throw DomainError.unauthenticated }
        let caller = try sessions.authenticate(token)
        routed.request.record.caller = caller.user.id.description
        return caller
    }

    /// The token of `Bearer <token>`; the scheme is compared without case (RFC 9110, section 11.1; RFC 6750, 2.1).
    private static func bearerToken(_ value: String) -> String? {
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }
}
