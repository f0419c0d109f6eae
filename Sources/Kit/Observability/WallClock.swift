internal import Linux
internal import Synchronization

/// The time of day by the clock that only goes forward, so that one reading serves for both.
///
/// The difference between the two is looked at now and then: between two looks a clock that is being corrected is wrong by
/// no more than it is corrected meanwhile. For any thread.
public final class WallClock: Sendable {
    private let difference: Atomic<Int64>

    /// Looks for the first time.
    public init() {
        difference = Atomic(Self.measure())
    }

    /// Looks again; a few times a second.
    public func adjust() {
        difference.store(Self.measure(), ordering: .relaxed)
    }

    /// Microseconds since 1970-01-01T00:00:00Z at a moment of the monotonic clock.
    public func microseconds(at monotonicNanoseconds: Int64) -> Int64 {
        (monotonicNanoseconds + difference.load(ordering: .relaxed)) / 1000
    }

    private static func measure() -> Int64 {
        SystemClock.realtimeMicroseconds() * 1000 - SystemClock.monotonicNanoseconds()
    }
}
