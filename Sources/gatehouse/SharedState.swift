internal import Caching
internal import Linux
internal import RateLimiting
internal import SharedMemory

/// What all processes of an instance share in memory, and where it is in the segment.
struct SharedState {
    /// Some 2.5 MiB.
    ///
    /// Several times the addresses and users that a site has in an hour. With more at once the least busy are
    /// forgotten, and who is blocked stays so.
    private static let limitSlots = 32_768

    private let segment: SharedSegment
    private let limits: SharedRateLimiter.Parts
    private let counters: CacheCounters.Parts

    /// Opens the segment of a data directory, or makes it.
    ///
    /// - Throws: `SharedMemoryError`.
    init(of directory: String) throws {
        var layout = SegmentLayout(version: 1)
        limits = try SharedRateLimiter.Parts(slots: Self.limitSlots, in: &layout)
        counters = try CacheCounters.Parts(in: &layout)
        segment = try SharedSegment.open(try SegmentName(program: "gatehouse", directory: directory), layout: layout)
    }

    /// A limiter for one thread.
    func makeLimiter() throws -> SharedRateLimiter {
        try SharedRateLimiter(segment, limits, clock: SystemClock.boottimeNanoseconds)
    }

    /// The generations of everything that is cached.
    var generations: SharedGenerations { SharedGenerations(segment) }

    /// Whether this process has the segment in its memory.
    var isMapped: Bool { segment.descriptor >= 0 }

    /// The sums of all caches.
    var cacheCounters: CacheCounters {
        get throws { try CacheCounters(segment, counters) }
    }
}
