/// What is learnt about one exchange on its way through the stages, for the line in the log and for
/// header fields.
///
/// Belongs to the thread that serves the request.
public final class ExchangeRecord {
    /// The pattern of the route, never the path: `/api/v1/users/{id}`; nil where no route matched.
    public var route: String?
    /// Who called, where somebody is signed in.
    public var caller: String?
    /// The number of the route in the product's table, where one serves the request.
    public var routeNumber: Int?
    /// What a cache of responses had for it, where one was asked.
    public var cache: CacheOutcome?
    /// The code of the error that was answered.
    public var errorCode: String?
    /// What the limits that the request was counted under have left, in the order of their stages.
    public var quotas: [Quota] = []
    /// The whole story of a fault, for the log only.
    public var fault: String?

    /// Makes an empty record.
    public init() {}
}

/// What a cache had for a request.
public enum CacheOutcome: String, Sendable {
    /// The response, or the knowledge that the client has it.
    case hit
    /// Nothing: the response was made.
    case miss
}
