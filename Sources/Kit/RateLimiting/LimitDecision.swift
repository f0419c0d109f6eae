/// What a limiter says to one request.
public struct LimitDecision: Sendable {
    /// The word itself.
    public enum Outcome: Sendable, Hashable {
        /// It passes and is counted.
        case admitted
        /// It does not pass now; so many nanoseconds later it does, and not one sooner, if nobody else is counted
        /// meanwhile.
        case refused(retryAfter: Int64)
        /// It costs more than the policy ever allows.
        case impossible
    }

    /// The policy that was asked.
    public let policy: LimitPolicy
    /// The word itself.
    public let outcome: Outcome
    /// How much more passes now.
    public let remaining: Int
    /// After how many nanoseconds more passes than now, if nobody else is counted; 0 where nothing is counted.
    public let resetAfter: Int64
    /// False where the policy could not be counted, and its rule for that decided.
    public let isCounted: Bool

    /// States a decision; for limiters.
    public init(_ policy: LimitPolicy, _ outcome: Outcome, remaining: Int, resetAfter: Int64, isCounted: Bool = true) {
        self.policy = policy
        self.outcome = outcome
        self.remaining = remaining
        self.resetAfter = resetAfter
        self.isCounted = isCounted
    }

    /// Whether the request passes.
    public var isAdmitted: Bool { outcome == .admitted }

    /// What the policy's own rule says where it cannot be counted.
    static func uncounted(_ policy: LimitPolicy) -> LimitDecision {
        switch policy.onFailure {
        case .admit:
            LimitDecision(policy, .admitted, remaining: policy.capacity, resetAfter: 0, isCounted: false)
        case .refuse:
            LimitDecision(
                policy,
                .refused(retryAfter: 1_000_000_000),
                remaining: 0,
                resetAfter: 1_000_000_000,
                isCounted: false
            )
        }
    }
}
