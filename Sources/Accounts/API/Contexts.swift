internal import Domain
internal import HTTPPipeline

// The contexts between the stages. Each one can only be made from the one before, so that a stage which needs to know
// the caller cannot stand before the stage that finds out.

/// A request whose caller is known, if there is one.
struct AuthenticatedRequest {
    let routed: RoutedRequest<Endpoint>
    let caller: Principal?
}

/// A request whose caller may use the route; the handler has got its caller already.
struct AuthorisedRequest {
    let routed: RoutedRequest<Endpoint>
    /// Who calls, where the route looks and somebody is signed in.
    let caller: Principal?
    let handler: (Call) throws -> Response
    /// The body that this caller may send, or nil where the route takes none.
    let body: ObjectSchema?
    /// Finds the present version of the resource; nil where the route knows none.
    let findRevision: (() throws -> Revision)?
}

/// A request whose path and query are as the route declares them.
struct CheckedRequest {
    let authorised: AuthorisedRequest
    let query: MemberValues
}

/// A request that is asked for by this name for the first time, where the client has given it one.
struct NamedRequest {
    let checked: CheckedRequest
    let named: NamedChange?
}

/// A request whose conditions hold.
struct ConditionedRequest {
    let checked: CheckedRequest
    let named: NamedChange?
    /// The version that the request is meant for; nil where it does not matter.
    let expectedVersion: Int64?
    /// The present version, where somebody had to look.
    var revision: Revision?
}
