public import SharedMemory

/// The statistics of all processes' caches, in shared memory.
///
/// Each process adds what has happened since it last did, a few times a second, so that a hit costs nothing shared. Counts
/// wrap around. What is there now is kept by slots: a process that takes the place of one that was killed begins to tell
/// its own.
public struct CacheCounters: Sendable {
    /// How many processes may each have a slot; higher ones share.
    public static let slots = 1024

    /// The parts of a segment that hold the counters.
    public struct Parts: Sendable {
        let counts: WordsPart
        let present: WordsPart

        /// Adds the counters to a layout: some 260 KiB.
        ///
        /// - Throws: `SharedMemoryError.full`.
        public init(in layout: inout SegmentLayout) throws(SharedMemoryError) {
            counts = try layout.addWords("cache counts", count: CacheKind.most * CacheStatistics.Count.allCases.count)
            present = try layout.addWords("cache contents", count: CacheCounters.slots * CacheKind.most * 2)
        }
    }

    private let counts: SharedWords
    private let present: SharedWords

    /// Opens the counters of a segment.
    ///
    /// - Throws: `SharedMemoryError.noSuchPart` for parts of another layout.
    public init(_ segment: SharedSegment, _ parts: Parts) throws(SharedMemoryError) {
        counts = try segment.words(parts.counts)
        present = try segment.words(parts.present)
    }

    /// Adds what has happened between two looks at the statistics of one process, and notes what it holds now.
    public func add(_ now: [CacheStatistics], since before: [CacheStatistics], slot: Int) {
        for kind in 0..<min(now.count, before.count, CacheKind.most) {
            for count in CacheStatistics.Count.allCases {
                let difference = now[kind][count] &- before[kind][count]
                if difference != 0 { word(of: count, kind).add(difference) }
            }
            let place = (abs(slot % Self.slots) * CacheKind.most + kind) * 2
            present[place].store(UInt64(clamping: now[kind].values))
            present[place + 1].store(UInt64(clamping: now[kind].bytes))
        }
    }

    /// A process holds nothing any more.
    public func clear(slot: Int) {
        let nothing = [CacheStatistics](repeating: CacheStatistics(), count: CacheKind.most)
        add(nothing, since: nothing, slot: slot)
    }

    /// The sums of all processes, by the numbers of the kinds.
    public func totals() -> [CacheStatistics] {
        (0..<CacheKind.most).map { kind in
            var statistics = CacheStatistics()
            for count in CacheStatistics.Count.allCases { statistics[count] = word(of: count, kind).load() }
            for slot in 0..<Self.slots {
                let place = (slot * CacheKind.most + kind) * 2
                statistics.values += Int(clamping: present[place].load())
                statistics.bytes += Int(clamping: present[place + 1].load())
            }
            return statistics
        }
    }

    private func word(of count: CacheStatistics.Count, _ kind: Int) -> SharedWord {
        counts[kind * CacheStatistics.Count.allCases.count + count.rawValue]
    }
}

/// What one process tells the others of its cache.
public struct CacheReport {
    private let cache: Cache
    private let counters: CacheCounters
    private let slot: Int
    private var last: [CacheStatistics]

    /// Begins to tell; for one thread.
    public init(of cache: Cache, to counters: CacheCounters, slot: Int) {
        self.cache = cache
        self.counters = counters
        self.slot = slot
        last = cache.statistics()
    }

    /// Tells what has happened since the last time.
    public mutating func send() {
        let now = cache.statistics()
        counters.add(now, since: last, slot: slot)
        last = now
    }

    /// Tells for the last time; the cache ends with its process.
    public mutating func end() {
        send()
        counters.clear(slot: slot)
    }
}
