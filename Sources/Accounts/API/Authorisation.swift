internal import Domain
internal import HTTPPipeline

/// The stage that holds the caller against what the route declares.
struct Authorisation: Stage {
    /// Passes the request on with a handler that has its caller.
    ///
    /// - Throws: `DomainError` unauthenticated where nobody is signed in, forbidden where the role never may.
    func respond(
        to input: AuthenticatedRequest,
        next: (AuthorisedRequest) throws -> Response
    ) throws -> Response {
        let handler: (Call) throws -> Response
        switch input.routed.endpoint.access {
        case .anyone(let answer):
            handler = answer
        case .anyoneKnown(let answer):
            let caller = input.caller
            handler = { try answer($0, caller) }
        case .signedIn(let answer):
            let caller = try signedIn(input)
            handler = { try answer($0, caller) }
        case .administrator(let answer):
            let caller = try signedIn(input)
            guard caller.isAdministrator else { throw DomainError.forbidden }
            handler = { try answer($0, caller) }
        }
        return try next(AuthorisedRequest(routed: input.routed, handler: handler))
    }

    private func signedIn(_ input: AuthenticatedRequest) throws -> Principal {
        guard let caller = input.caller else { throw DomainError.unauthenticated }
        return caller
    }
}
