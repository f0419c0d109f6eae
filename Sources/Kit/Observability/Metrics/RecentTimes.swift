internal import Synchronization

/// What a histogram has counted lately: looks at it now and then, and tells what came since the oldest look that it keeps.
///
/// Each process has looks of its own at what all processes count, so that it can tell of the time since it began only. For
/// any thread.
public final class RecentTimes: Sendable {
    private struct Look {
        let at: Int64
        let times: TimeDistribution
    }

    /// So many looks divide the span.
    private static let parts: Int64 = 12

    private let span: Int64
    private let read: @Sendable () -> TimeDistribution?
    private let looks = Mutex<[Look]>([])

    /// Takes what reads the histogram (nil while there is none), and over how many nanoseconds to look back.
    public init(over span: Int64 = 60_000_000_000, _ read: @escaping @Sendable () -> TimeDistribution?) {
        self.span = span
        self.read = read
    }

    /// Looks, where the last look is long enough ago; to be called more often than twelve times in the span, with the
    /// monotonic clock in nanoseconds.
    public func look(now: Int64) {
        looks.withLock { looks in
            if let last = looks.last, now - last.at < span / Self.parts { return }
            guard let times = read() else { return }
            // The oldest one that is kept is just older than the span.
            while looks.count > 1, now - looks[1].at >= span { looks.removeFirst() }
            looks.append(Look(at: now, times: times))
        }
    }

    /// What was counted since the oldest look, and for how long that was; nil before the first one.
    public func latest(now: Int64) -> (times: TimeDistribution, nanoseconds: Int64)? {
        guard let oldest = looks.withLock({ $0.first }), let times = read() else { return nil }
        return (times.since(oldest.times), now - oldest.at)
    }
}
