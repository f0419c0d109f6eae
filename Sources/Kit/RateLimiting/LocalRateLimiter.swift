/// A limiter in the memory of one process, for one thread; for tests, and for programs that are one process.
///
/// The same code as ``SharedRateLimiter`` over other memory.
public final class LocalRateLimiter: RateLimiter {
    private let table: LimitTable<LocalLimitMemory>

    /// Makes an empty table with at least `slots` slots.
    ///
    /// The seed has 16 random bytes; the clock gives nanoseconds from any beginning on.
    public init(slots: Int, seed: [UInt8], clock: @escaping () -> Int64) {
        var sets = 1
        while sets * LimitTable<LocalLimitMemory>.ways < slots { sets *= 2 }
        table = LimitTable(memory: LocalLimitMemory(setCount: sets, seed: SipHash.Key(seed)), clock: clock)
    }

    /// See ``RateLimiter``; does not block.
    public func charge(_ key: LimitKey, cost: Int, under policy: LimitPolicy) -> LimitDecision {
        table.charge(key, cost: cost, under: policy)
    }

    /// See ``RateLimiter``.
    @discardableResult
    public func clear(_ key: LimitKey, under policy: LimitPolicy) -> Bool { table.clear(key, under: policy) }
    /// See ``RateLimiter``.
    @discardableResult
    public func clear(where isMeant: (LimitEntry) -> Bool) -> Int { table.clear(where: isMeant) }
    /// See ``RateLimiter``.
    public func forEach(_ body: (LimitEntry) -> Void) { table.forEach(body) }

    /// See ``RateLimiter``.
    public func hash(of key: LimitKey, under policy: LimitPolicy) -> UInt64 { table.hash(of: key, under: policy) }

    /// See ``RateLimiter``.
    public var mishaps: LimitMishaps {
        let counts = table.memory.counts
        return LimitMishaps(lockTimeouts: counts[0], crowded: counts[1], displaced: counts[2])
    }

    /// Lets the next locks time out, for tests.
    func setLocked(_ isLocked: Bool) { table.memory.isLocked = isLocked }
}

/// Words of this process.
final class LocalLimitMemory: LimitMemory {
    let setCount: Int
    let seed: SipHash.Key
    private(set) var counts = [Int](repeating: 0, count: LimitEvent.allCases.count)
    var isLocked = false
    private var words: [UInt64]
    private var labels: [UInt64]

    init(setCount: Int, seed: SipHash.Key) {
        self.setCount = setCount
        self.seed = seed
        let slots = setCount * LimitTable<LocalLimitMemory>.ways
        words = Array(repeating: 0, count: slots * LimitSlot.words)
        labels = Array(repeating: 0, count: slots * 2)
    }

    func withSet(_ set: Int, _ body: () -> Void) -> Bool {
        if isLocked { return false }
        body()
        return true
    }

    func load(_ word: Int) -> UInt64 { words[word] }
    func store(_ word: Int, _ value: UInt64) { words[word] = value }
    func loadLabel(_ word: Int) -> UInt64 { labels[word] }
    func storeLabel(_ word: Int, _ value: UInt64) { labels[word] = value }
    func count(_ event: LimitEvent) { counts[event.rawValue] += 1 }
}
