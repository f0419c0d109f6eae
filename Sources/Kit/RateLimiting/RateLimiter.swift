/// Counts requests by key and policy, and says which pass.
public protocol RateLimiter {
    /// Decides about a request and counts it where it passes.
    ///
    /// Where it does not pass, nothing is counted. A cost under 1 is 1. Blocks a millisecond at most.
    func charge(_ key: LimitKey, cost: Int, under policy: LimitPolicy) -> LimitDecision

    /// Forgets what was counted for a key under a policy.
    ///
    /// - Returns: False where nothing was counted.
    @discardableResult
    func clear(_ key: LimitKey, under policy: LimitPolicy) -> Bool

    /// Forgets all entries that `isMeant` says, and gives their number.
    @discardableResult
    func clear(where isMeant: (LimitEntry) -> Bool) -> Int

    /// Shows each entry that counts, in no order.
    func forEach(_ body: (LimitEntry) -> Void)

    /// What an entry of a key under a policy is known by; another in each segment.
    func hash(of key: LimitKey, under policy: LimitPolicy) -> UInt64

    /// What went wrong since the table was made.
    var mishaps: LimitMishaps { get }
}

extension RateLimiter {
    /// Decides about a request that costs 1.
    public func charge(_ key: LimitKey, under policy: LimitPolicy) -> LimitDecision {
        charge(key, cost: 1, under: policy)
    }
}

/// An entry of a table, as people see it.
public struct LimitEntry: Sendable, Hashable {
    /// The number of the policy.
    public let policy: UInt8
    /// The keyed hash of policy and key, see ``RateLimiter/hash(of:under:)``.
    public let hash: UInt64
    /// What the key is recognised by.
    public let label: LimitKey.Label
    /// How much of the limit was used when it was counted last, in hundredths; 100 refuses.
    public let share: Int
    /// After how many seconds nothing of it counts any more.
    public let secondsLeft: Int
}

/// What went wrong in a table since it was made.
public struct LimitMishaps: Sendable, Hashable {
    /// Requests that were not counted because a lock did not come free in time.
    public let lockTimeouts: Int
    /// Requests that were not counted because all slots that they could have had refuse somebody.
    public let crowded: Int
    /// Keys that were forgotten before their time, to make room for others.
    public let displaced: Int
}
