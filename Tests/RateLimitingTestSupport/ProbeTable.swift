public import RateLimiting
internal import SharedMemory

/// The table that the tests and `rate-limit-probe` have in common, and a diary of what was admitted.
public struct ProbeTable {
    /// A hundred in one and a half seconds.
    public static let policy = LimitPolicy(
        "probe",
        number: 1,
        limit: 100,
        window: 1_500_000_000,
        algorithm: .slidingWindow,
        onFailure: .refuse
    )
    /// Five in a second, one by one.
    public static let logPolicy = LimitPolicy("log", number: 2, limit: 5, window: 1_000_000_000, onFailure: .refuse)
    /// As many as can be counted.
    public static let widePolicy = LimitPolicy(
        "wide",
        number: 3,
        limit: LimitPolicy.mostInWindow,
        window: 1_000_000_000,
        onFailure: .refuse
    )
    /// How many entries the diary has.
    public static let diaryLength = 65_536

    /// The limiter.
    public let limiter: SharedRateLimiter
    /// Its clock.
    public let clock: DecisionClock
    private let segment: SharedSegment
    private let parts: SharedRateLimiter.Parts
    private let written: SharedWord
    private let diary: SharedWords

    /// Opens the table of a directory, whose file stands in that directory too.
    public init(directory: String, nanoseconds: @escaping () -> Int64) throws {
        var layout = SegmentLayout(version: 1)
        let parts = try SharedRateLimiter.Parts(slots: 4096, in: &layout)
        let written = try layout.addWords("written", count: 1)
        let diary = try layout.addWords("diary", count: Self.diaryLength)
        let name = try SegmentName(program: "limits", directory: directory, in: directory)
        let segment = try SharedSegment.open(name, layout: layout)
        let clock = DecisionClock(nanoseconds)
        self.clock = clock
        self.segment = segment
        self.parts = parts
        limiter = try SharedRateLimiter(segment, parts, clock: clock.read)
        self.written = try segment.words(written)[0]
        self.diary = try segment.words(diary)
    }

    /// Another limiter of the same table, whose clock notes nothing: for what a decision itself takes.
    public func limiter(_ nanoseconds: @escaping () -> Int64) throws -> SharedRateLimiter {
        try SharedRateLimiter(segment, parts, clock: nanoseconds)
    }

    /// Notes that the last decision has admitted something.
    public func note() {
        let index = Int(written.add(1)) - 1
        if index < diary.count { diary[index].store(UInt64(clock.last)) }
    }

    /// The moments of what was admitted, in order.
    ///
    /// One is missing for each process that was killed before it noted it.
    public func moments() -> [UInt64] {
        (0..<min(Int(written.load()), diary.count)).map { diary[$0].load() }.filter { $0 != 0 }.sorted()
    }
}

/// A clock that remembers what it showed last: the very moment that a decision was made for.
public final class DecisionClock {
    private let nanoseconds: () -> Int64
    /// What it showed last.
    public private(set) var last: Int64 = 0

    /// Takes the clock behind it.
    public init(_ nanoseconds: @escaping () -> Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Reads it.
    public func read() -> Int64 {
        last = nanoseconds()
        return last
    }
}
