/// What has happened to the values of one kind.
public struct CacheStatistics: Hashable, Sendable {
    /// What is counted; the order is that of the counters which processes share.
    public enum Count: Int, CaseIterable, Sendable {
        /// Values that were there and good.
        case hits
        /// Values that were not there, or not good any more.
        case misses
        /// Values that were waited for, because another thread was loading them.
        case shared
        /// Loads, successful or not.
        case loads
        /// Loads of values that were still good, shortly before their end.
        case refreshes
        /// Loads that failed.
        case failures
        /// Values that were there, and older than a change of what they depend on.
        case stale
        /// Values that were there, and past the end of their life.
        case expired
        /// Values that were given up for others.
        case evictions
        /// Values that were too large to keep.
        case oversized
        /// Values that were not kept, because something changed during the load or because nobody may.
        case unkept
    }

    private var counts = [UInt64](repeating: 0, count: Count.allCases.count)
    /// How many values are there now.
    public internal(set) var values = 0
    /// What they take, in bytes.
    public internal(set) var bytes = 0

    /// Nothing has happened.
    public init() {}

    /// One of the counts; it wraps around.
    public internal(set) subscript(count: Count) -> UInt64 {
        get { counts[count.rawValue] }
        set { counts[count.rawValue] = newValue }
    }

    mutating func note(_ count: Count, _ times: Int = 1) {
        counts[count.rawValue] &+= UInt64(times)
    }

    /// Adds what has happened elsewhere.
    mutating func add(_ other: CacheStatistics) {
        for count in Count.allCases { self[count] &+= other[count] }
        values += other.values
        bytes += other.bytes
    }
}
