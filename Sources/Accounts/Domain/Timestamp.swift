/// An instant, in microseconds since 1970-01-01T00:00:00Z.
///
/// It has the precision that both engines store and that the API shows, so a
/// value comes back as it was written.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since the epoch, without leap seconds.
    package let microseconds: Int64

    /// Makes an instant of microseconds since the epoch.
    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The instant so many seconds later, or earlier where `seconds` is negative.
    package func adding(seconds: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + seconds * 1_000_000)
    }

    /// The number of microseconds of a day, as UTC without leap seconds has it.
    package static let microsecondsOfDay: Int64 = 86_400_000_000

    /// The instant at which the day of this one begins in UTC.
    package var startOfDay: Timestamp {
        let sinceStart = microseconds % Self.microsecondsOfDay
        // Before the epoch the remainder is negative.
        return Timestamp(microseconds: microseconds - sinceStart - (sinceStart < 0 ? Self.microsecondsOfDay : 0))
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}
