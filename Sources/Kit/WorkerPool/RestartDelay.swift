/// How long to wait before a process that died by itself is started anew: 100 ms, doubled with each death in a row.
///
/// A program that crashes as it starts must not keep the machine busy with starting it (php-src #9632), so that these waits
/// grow up to 30 s. One that took requests leaves others waiting: it is replaced at once, and where it crashed as soon as
/// it took them, after a second at most. Times are nanoseconds of the monotonic clock.
public struct RestartDelay: Sendable, Equatable {
    /// A process that lived this long was well; the next death counts as the first.
    public static let healthyAfter: Int64 = 60_000_000_000
    /// A worker that took requests for this long was well.
    public static let servedAfter: Int64 = 100_000_000
    private static let first: Int64 = 100_000_000
    private static let longest: Int64 = 30_000_000_000
    private static let longestOfServed: Int64 = 1_000_000_000
    private var current: Int64 = 0

    /// Makes one that has seen no death.
    public init() {}

    /// Counts a death and gives the delay.
    public mutating func next(lifetime: Int64) -> Int64 {
        if lifetime >= Self.healthyAfter { current = 0 }
        return double(upTo: Self.longest)
    }

    /// Counts the death of one that took requests for this long, and gives the delay.
    public mutating func next(served: Int64) -> Int64 {
        guard served < Self.servedAfter else {
            current = 0
            return 0
        }
        return double(upTo: Self.longestOfServed)
    }

    private mutating func double(upTo limit: Int64) -> Int64 {
        current = current == 0 ? Self.first : min(limit, current * 2)
        return current
    }
}
