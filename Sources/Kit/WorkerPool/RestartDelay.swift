/// How long to wait before a worker that died is replaced: 100 ms, doubled with each death in a row, 30 s at most.
///
/// A worker that crashes at once must not keep the machine busy with starting it (php-src #9632). Times are
/// nanoseconds of the monotonic clock.
public struct RestartDelay: Sendable, Equatable {
    /// A worker that lived this long was well; the next death counts as the first.
    public static let healthyAfter: Int64 = 60_000_000_000
    private static let first: Int64 = 100_000_000
    private static let longest: Int64 = 30_000_000_000
    private var current: Int64 = 0

    /// Makes one that has seen no death.
    public init() {}

    /// Counts a death and gives the delay.
    public mutating func next(lifetime: Int64) -> Int64 {
        current = current == 0 || lifetime >= Self.healthyAfter ? Self.first : min(Self.longest, current * 2)
        return current
    }
}
