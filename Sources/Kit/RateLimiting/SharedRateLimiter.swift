public import SharedMemory

/// A limiter whose counts all processes share that map the segment; exact over all of them.
///
/// For one thread at a time, like everything that a handler thread has; any number of threads may have one each. A
/// process that is killed anywhere in it leaves the table whole: the lock is robust, and every state between two words is
/// one that a slot may have. One that is stopped while it has a lock holds up a sixty-fourth of the keys; their requests
/// wait a millisecond, and then the policy's own rule for that decides.
public final class SharedRateLimiter: RateLimiter {
    /// The parts of a segment that hold a table.
    public struct Parts: Sendable {
        let slots: WordsPart
        let labels: WordsPart
        let events: WordsPart
        let locks: MutexesPart

        /// Adds a table to a layout: 80 bytes for each slot, of which there are at least `slots`.
        ///
        /// - Throws: `SharedMemoryError.full`.
        public init(slots: Int, in layout: inout SegmentLayout) throws {
            var sets = SharedLimitMemory.lockCount
            while sets * LimitTable<SharedLimitMemory>.ways < slots { sets *= 2 }
            let count = sets * LimitTable<SharedLimitMemory>.ways
            self.slots = try layout.addWords("limits", count: count * LimitSlot.words)
            labels = try layout.addWords("limit labels", count: count * 2)
            events = try layout.addWords("limit events", count: LimitEvent.allCases.count)
            locks = try layout.addMutexes("limit locks", count: SharedLimitMemory.lockCount)
        }
    }

    private let table: LimitTable<SharedLimitMemory>

    /// Opens the table of a segment.
    ///
    /// `clock` gives nanoseconds since the machine's start, the same for all processes.
    ///
    /// - Throws: `SharedMemoryError.noSuchPart` for parts of another layout.
    public init(_ segment: SharedSegment, _ parts: Parts, clock: @escaping () -> Int64) throws {
        table = LimitTable(memory: try SharedLimitMemory(segment, parts), clock: clock)
    }

    /// See ``RateLimiter``.
    public func charge(_ key: LimitKey, cost: Int, under policy: LimitPolicy) -> LimitDecision {
        table.charge(key, cost: cost, under: policy)
    }

    /// See ``RateLimiter``.
    @discardableResult
    public func clear(_ key: LimitKey, under policy: LimitPolicy) -> Bool { table.clear(key, under: policy) }

    /// See ``RateLimiter``; locks one sixty-fourth of the table at a time.
    @discardableResult
    public func clear(where isMeant: (LimitEntry) -> Bool) -> Int { table.clear(where: isMeant) }

    /// See ``RateLimiter``; locks one sixty-fourth of the table at a time.
    public func forEach(_ body: (LimitEntry) -> Void) { table.forEach(body) }

    /// See ``RateLimiter``.
    public func hash(of key: LimitKey, under policy: LimitPolicy) -> UInt64 { table.hash(of: key, under: policy) }

    /// See ``RateLimiter``.
    public var mishaps: LimitMishaps { table.memory.mishaps }
}

/// Words of a segment.
///
/// A class, so that who holds it holds one reference, and no closure copies what it is made of.
final class SharedLimitMemory: LimitMemory {
    /// How many locks the sets share.
    ///
    /// Four processes on two processors seldom meet at one of so many.
    static let lockCount = 64
    /// How long a lock is waited for: many times what a decision takes.
    private static let patience = Duration.milliseconds(1)

    let setCount: Int
    let seed: SipHash.Key
    private let slots: SharedWords
    private let labels: SharedWords
    private let events: SharedWords
    private let locks: SharedMutexes

    init(_ segment: SharedSegment, _ parts: SharedRateLimiter.Parts) throws {
        seed = SipHash.Key(segment.seed)
        slots = try segment.words(parts.slots)
        labels = try segment.words(parts.labels)
        events = try segment.words(parts.events)
        locks = try segment.mutexes(parts.locks)
        setCount = slots.count / LimitSlot.words / LimitTable<SharedLimitMemory>.ways
    }

    @inline(__always) func withSet(_ set: Int, _ body: () -> Void) -> Bool {
        do {
            // Nothing is to be repaired: see LimitSlot.
            try locks.withLock(at: set & (Self.lockCount - 1), timeout: Self.patience) { _ in body() }
            return true
        } catch {
            return false
        }
    }

    @inline(__always) func load(_ word: Int) -> UInt64 { slots.load(word) }
    @inline(__always) func store(_ word: Int, _ value: UInt64) { slots.store(word, value) }
    func loadLabel(_ word: Int) -> UInt64 { labels.load(word) }
    func storeLabel(_ word: Int, _ value: UInt64) { labels.store(word, value) }
    func count(_ event: LimitEvent) { events[event.rawValue].add(1) }

    var mishaps: LimitMishaps {
        func count(_ event: LimitEvent) -> Int { Int(clamping: events[event.rawValue].load()) }
        return LimitMishaps(
            lockTimeouts: count(.lockTimeout),
            crowded: count(.crowded),
            displaced: count(.displaced)
        )
    }
}
