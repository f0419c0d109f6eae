public import HTTPPipeline
public import RateLimiting

/// The stage that counts a request under one or more policies, and refuses it with 429.
///
/// Where it stands decides what is known of the client: before authentication its address, after it who it is. What counts
/// as what is for `charge` to say, mostly by ``LimitGate``. Makes the same context as it takes.
public struct RateLimit<Context>: Stage {
    @usableFromInline let charge: ((Context) throws -> Void)?

    /// Takes what is called once with each request; nil lets everything pass.
    public init(_ charge: ((Context) throws -> Void)?) {
        self.charge = charge
    }

    /// Passes the request on where all policies admit it.
    ///
    /// - Throws: what `charge` throws, ``HTTPError`` 429.
    @inlinable public func respond(to input: Context, next: (Context) throws -> Response) throws -> Response {
        try charge?(input)
        return try next(input)
    }
}

/// Holds requests against policies; for the stage and for handlers that learn later whom to count.
public struct LimitGate {
    private let limiter: any RateLimiter

    /// Takes what counts.
    public init(_ limiter: any RateLimiter) {
        self.limiter = limiter
    }

    /// Counts a request, and notes in its record what is left.
    ///
    /// - Throws: ``HTTPError`` 429 with Retry-After in whole seconds, as few as suffice; 400 for what costs more than the
    ///   policy ever allows.
    public func pass(_ request: Request, as key: LimitKey, cost: Int = 1, under policy: LimitPolicy) throws {
        let decision = limiter.charge(key, cost: cost, under: policy)
        request.record.quotas.append(Quota(decision))
        switch decision.outcome {
        case .admitted: return
        case .refused(let retryAfter):
            throw HTTPError(
                .rateLimited,
                "Too many requests. Try again later.",
                fields: [Response.Field(name: "Retry-After", value: "\(Quota.seconds(retryAfter))")],
                story: decision.isCounted ? nil : "limit \(policy.name) could not be counted"
            )
        case .impossible:
            throw HTTPError(.validation, "The request costs more than the limit \(policy.name) ever allows.")
        }
    }

    /// Counts without telling anybody, and gives whether the policy admits it.
    public func admits(_ key: LimitKey, under policy: LimitPolicy) -> Bool {
        limiter.charge(key, under: policy).isAdmitted
    }
}

extension Quota {
    init(_ decision: LimitDecision) {
        self.init(
            policy: decision.policy.fieldItem,
            name: decision.policy.name,
            remaining: decision.isAdmitted ? decision.remaining : 0,
            reset: Self.seconds(decision.resetAfter)
        )
    }

    /// Whole seconds, rounded up.
    static func seconds(_ nanoseconds: Int64) -> Int {
        Int(nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0))
    }
}
