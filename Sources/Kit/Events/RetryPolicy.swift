/// When what failed is tried again, and when it is given up.
///
/// The time between tries doubles, and half of it is left to chance, so that what failed together is not tried together
/// (M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015). Times are in microseconds.
public struct RetryPolicy: Sendable {
    /// From the first try to the second, before chance.
    public let first: Int64
    /// The longest time between two tries.
    public let longest: Int64
    /// For so long an event is tried.
    public let lifetime: Int64

    /// Takes the times, in seconds.
    public init(firstSeconds: Int64 = 5, longestSeconds: Int64 = 3600, lifetimeSeconds: Int64 = 86_400) {
        first = firstSeconds * 1_000_000
        longest = longestSeconds * 1_000_000
        lifetime = lifetimeSeconds * 1_000_000
    }

    /// How long to wait after so many tries.
    ///
    /// - Parameters:
    ///   - failures: 1 after the first.
    ///   - chance: from 0 to 1.
    /// - Returns: microseconds.
    public func delay(after failures: Int, chance: Double) -> Int64 {
        let doublings = min(max(0, failures - 1), 30)
        let (product, isBeyond) = first.multipliedReportingOverflow(by: 1 << Int64(doublings))
        let whole = isBeyond ? longest : min(longest, product)
        return whole / 2 + Int64(Double(whole - whole / 2) * min(max(0, chance), 1))
    }
}
