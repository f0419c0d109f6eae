internal import Domain
internal import HTTPPipeline

/// The stage that holds the caller against what the route declares.
struct Authorisation: Stage {
    /// Passes the request on with a handler that has its caller.
    ///
    /// - Throws: `DomainError` unauthenticated where nobody is signed in, forbidden where the role or the key never may.
    func respond(
        to input: AuthenticatedRequest,
        next: (AuthorisedRequest) throws -> Response
    ) throws -> Response {
        let endpoint = input.routed.endpoint
        if let caller = input.caller, !caller.mayChange, !input.routed.request.isSafe {
            throw DomainError.readOnlyKey
        }
        let handler: (Call) throws -> Response
        switch endpoint.access {
        case .anyone(let answer):
            handler = answer
        case .anyoneKnown(let answer):
            let caller = input.caller
            handler = { try answer($0, caller) }
        case .signedIn(let answer):
            let caller = try signedIn(input)
            handler = { try answer($0, caller) }
        case .signedInBySession(let answer):
            let caller = try signedIn(input)
            guard caller.sessionID != nil else { throw DomainError.sessionRequired }
            handler = { try answer($0, caller) }
        case .administrator(let answer):
            let caller = try signedIn(input)
            guard caller.isAdministrator else { throw DomainError.forbidden }
            handler = { try answer($0, caller) }
        }
        let (parameters, caller) = (input.routed.parameters, input.caller)
        let findRevision: (() throws -> Revision)? = endpoint.findRevision.flatMap { find in
            caller.map { caller in { try find(parameters, caller) } }
        }
        return try next(
            AuthorisedRequest(
                routed: input.routed,
                caller: caller,
                handler: handler,
                body: endpoint.contract.body?.schema(forAdministrator: caller?.isAdministrator == true),
                findRevision: findRevision
            )
        )
    }

    private func signedIn(_ input: AuthenticatedRequest) throws -> Principal {
        guard let caller = input.caller else { throw DomainError.unauthenticated }
        return caller
    }
}
