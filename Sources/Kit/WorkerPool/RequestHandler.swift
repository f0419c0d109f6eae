public import FastCGI

/// What answers the requests of one thread; made on that thread and used by it alone.
public struct RequestHandler {
    /// Whether a request that has arrived, and that nobody has read yet, is heavy: see ``HeavyLaneOptions``.
    ///
    /// It may look at `Request.withArrivedParameter`, and must be quick: every request is looked at.
    let isHeavy: (FastCGI.Request) -> Bool
    /// Answers a request.
    let respond: (FastCGI.Request, Admission) -> Void
    /// Called when the response has been sent, or could not be.
    let finished: () -> Void

    /// Takes what answers, what tells heavy requests from others (by default none is), and what is done after each response
    /// was sent.
    public init(
        isHeavy: @escaping (FastCGI.Request) -> Bool = { _ in false },
        respond: @escaping (FastCGI.Request, Admission) -> Void,
        finished: @escaping () -> Void = {}
    ) {
        self.isHeavy = isHeavy
        self.respond = respond
        self.finished = finished
    }
}

/// Whether there is room for a request.
public enum Admission: Sendable {
    /// It is to be served.
    case admitted
    /// It was heavy, and waited too long or found too many waiting: it is to be refused at little cost.
    case turnedAway
}
