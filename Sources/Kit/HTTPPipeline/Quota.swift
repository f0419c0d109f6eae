/// What a limit has left for a client, as the client is told.
public struct Quota: Sendable, Equatable {
    /// The policy as an item of `RateLimit-Policy`: `"user";q=6000;w=60`.
    public let policy: String
    /// The name of the policy.
    public let name: String
    /// How much is left of that now.
    public let remaining: Int
    /// After how many seconds more is left than now, if nothing is spent meanwhile.
    public let reset: Int

    /// States a quota.
    public init(policy: String, name: String, remaining: Int, reset: Int) {
        self.policy = policy
        self.name = name
        self.remaining = remaining
        self.reset = reset
    }
}

/// The stage that tells the client what limits it was counted under and what is left, in two header fields.
///
/// `RateLimit-Policy` lists every policy in force, `RateLimit` has the tightest of them: the one that refused, else the one
/// of which least is left (draft-ietf-httpapi-ratelimit-headers-10; structured fields, RFC 9651). Stands
/// outside of ``ErrorRendering``, so that refusals tell it too.
public struct QuotaFields: Stage {
    /// Makes the stage.
    public init() {}

    /// Adds the fields to every response of a request that was counted.
    public func respond(to request: Request, next: (Request) throws -> Response) throws -> Response {
        var response = try next(request)
        let quotas = request.record.quotas
        guard var tightest = quotas.first else { return response }
        var policies = tightest.policy
        for quota in quotas.dropFirst() {
            policies += ", "
            policies += quota.policy
            // Of two with nothing left the later one refused.
            if quota.remaining < tightest.remaining || quota.remaining == 0 { tightest = quota }
        }
        response.add("RateLimit-Policy", policies)
        response.add("RateLimit", "\"\(tightest.name)\";r=\(tightest.remaining);t=\(tightest.reset)")
        return response
    }
}
