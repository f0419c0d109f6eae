internal import Domain
internal import HTTPPipeline
internal import Services

/// The stage that finds out who calls, by `Authorization: Bearer <session token or API key>` or by the
/// cookie of a session.
///
/// A token that is none of ours, or has ended, is refused (401) wherever the route looks at the caller: a client that
/// believes to be signed in must learn that it is not. A cookie that is refused is also taken away: the page that sent
/// it cannot.
struct Authentication: Stage {
    let sessions: SessionService
    let keys: APIKeyService
    /// Finds who sent a request that was tried before, where what proves it may have ended by the first try.
    var earlierCaller: (Request) throws -> Principal? = { _ in nil }

    /// Passes the request on with its caller.
    ///
    /// - Throws: `DomainError` unauthenticated, also for another scheme, and sessionExpired; ``HTTPError`` 401 for a cookie,
    ///   and 403 for a change by cookie that another site may have made the browser send.
    func respond(
        to routed: RoutedRequest<Endpoint>,
        next: (AuthenticatedRequest) throws -> Response
    ) throws -> Response {
        try next(AuthenticatedRequest(routed: routed, caller: try caller(of: routed)))
    }

    private func caller(of routed: RoutedRequest<Endpoint>) throws -> Principal? {
        if case .anyone = routed.endpoint.access { return nil }
        guard let token = try PresentedToken.of(routed.request) else { return nil }
        let caller: Principal
        do {
            switch token {
            case .bearer(let token): caller = try byHeader(token)
            case .cookie(let token): caller = try byCookie(token, routed.request)
            }
        } catch {
            guard isUnauthorized(error), let earlier = try earlierCaller(routed.request) else { throw error }
            caller = earlier
        }
        routed.request.record.caller = caller.user.id.description
        return caller
    }

    private func isUnauthorized(_ error: any Error) -> Bool {
        let refusal = error as? HTTPError ?? ErrorTable.translate(error)
        return refusal?.code.status == .unauthorized
    }

    /// The prefix tells the kind, so that neither costs a query for the other.
    private func byHeader(_ token: String) throws -> Principal {
        token.hasPrefix(APIKeyToken.prefix) ? try keys.authenticate(token) : try sessions.authenticate(token)
    }

    private func byCookie(_ token: String, _ request: Request) throws -> Principal {
        // Browsers send cookies along with what other sites ask for, but such a header only where CORS admits it.
        guard request.isSafe || request.field(.requestedWith) != nil else {
            throw HTTPError(.forbidden, "A change by cookie needs the header X-Requested-With, with any value.")
        }
        do {
            return try sessions.authenticate(token)
        } catch {
            guard let refusal = ErrorTable.translate(error), refusal.code.status == .unauthorized else { throw error }
            throw refusal.adding(SessionCookie.removal)
        }
    }
}

extension Request {
    /// Whether its method changes nothing.
    var isSafe: Bool { method?.isSafe ?? false }
}
