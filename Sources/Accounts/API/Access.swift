internal import Domain
internal import HTTPPipeline

/// Who may use a route, together with the handler that relies on it.
///
/// A handler that needs a signed-in caller takes one, so that a route which lets anyone in cannot name it.
enum Access {
    /// Anyone; what the client sends to identify itself is not looked at.
    case anyone((Call) throws -> Response)
    /// Anyone; the handler learns who calls, where somebody is signed in.
    case anyoneKnown((Call, Principal?) throws -> Response)
    /// Whoever is signed in.
    case signedIn((Call, Principal) throws -> Response)
    /// Whoever is signed in by a session; with a key it cannot be done.
    case signedInBySession((Call, Principal) throws -> Response)
    /// Administrators.
    case administrator((Call, Principal) throws -> Response)
}

/// What every handler gets: the request, and what the stages before have checked of it.
struct Call {
    /// The request.
    let request: Request
    /// What the path gave to the pattern.
    let path: PathParameters
    /// The parameters of the query, as the route declares them.
    let query: MemberValues
    /// The members of the body, as the route declares them; empty where it declares none.
    let body: MemberValues
    /// The version that a change is meant for, to be compared in its transaction; nil where it does not matter.
    let expectedVersion: Int64?
    /// What makes the change one that is made once; nil where nothing is changed.
    let once: Once<Response>?

    /// Has a service's change made once, and answered so.
    ///
    /// `render` makes the answer of what the service made, inside its transaction: it has no effect outside and may run
    /// twice.
    func answering<Outcome>(_ render: @escaping (Outcome) -> Response) -> Answering<Outcome, Response> {
        Answering(once: once, origin: RequestOrigin(request), render: render)
    }
}
