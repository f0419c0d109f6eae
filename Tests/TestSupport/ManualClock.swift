package import Domain

/// A clock that stands still until a test moves it.
package final class ManualClock: Clock {
    /// What the clock shows.
    package var instant: Timestamp

    /// How often it was read.
    package private(set) var reads = 0

    /// Makes a clock that shows `instant`.
    package init(at instant: Timestamp = .t0) {
        self.instant = instant
    }

    /// Moves the clock on, or back where `seconds` is negative.
    package func advance(seconds: Int64) {
        instant = instant.adding(seconds: seconds)
    }

    package func now() -> Timestamp {
        reads += 1
        return instant
    }
}
