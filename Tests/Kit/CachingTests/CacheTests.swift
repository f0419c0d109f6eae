import Testing

@testable import Caching

@Suite struct CacheTests {
    let clock = TestClock()
    let generations = ProcessGenerations()
    let cache: Cache

    init() {
        cache = Cache(generations: generations, options: clock.options())
    }

    /// Counts how often it had to load.
    private func read(_ value: String, in cache: Cache? = nil, loads: inout Int) throws -> String {
        try (cache ?? self.cache).value(for: CacheKey(.text, 1), tags: [.books], ttl: .seconds(60)) {
            loads += 1
            return value
        }
    }

    private func count(_ count: CacheStatistics.Count, _ kind: CacheKind = .text) -> UInt64 {
        cache.statistics()[kind.number][count]
    }

    @Test func `a value is loaded once and then comes from memory`() throws {
        var loads = 0
        #expect(try read("one", loads: &loads) == "one")
        #expect(try read("two", loads: &loads) == "one")
        #expect(loads == 1)
        #expect(count(.hits) == 1 && count(.misses) == 1 && count(.loads) == 1)
        #expect(cache.statistics()[0].values == 1 && cache.statistics()[0].bytes == 3)
    }

    @Test func `a change of a tag makes a value old in every cache with the same generations`() throws {
        let neighbour = Cache(generations: generations, options: clock.options())
        var loads = 0
        _ = try read("old", loads: &loads)
        _ = try read("old", in: neighbour, loads: &loads)
        generations.invalidate([.books])
        #expect(try read("new", loads: &loads) == "new")
        #expect(try read("new", in: neighbour, loads: &loads) == "new")
        #expect(count(.stale) == 1)
    }

    @Test func `a change of another tag changes nothing`() throws {
        var loads = 0
        _ = try read("one", loads: &loads)
        generations.invalidate([.people])
        #expect(try read("two", loads: &loads) == "one")
    }

    @Test func `everything can be made old at once`() throws {
        var loads = 0
        _ = try read("one", loads: &loads)
        generations.invalidateEverything()
        #expect(try read("two", loads: &loads) == "two")
    }

    @Test func `a generation at its end wraps around and still makes old`() throws {
        let generations = ProcessGenerations(first: .max)
        let cache = Cache(generations: generations, options: clock.options())
        var loads = 0
        _ = try read("one", in: cache, loads: &loads)
        generations.invalidate([.books])
        #expect(try read("two", in: cache, loads: &loads) == "two")
        #expect(try read("three", in: cache, loads: &loads) == "two")
    }

    @Test func `a change during the load is not missed`() throws {
        let key = CacheKey(.text, 1)
        let first = try cache.value(for: key, tags: [.books], ttl: .seconds(60)) {
            let read = "old"
            generations.invalidate([.books])
            return read
        }
        #expect(first == "old")
        #expect(try cache.value(for: key, tags: [.books], ttl: .seconds(60)) { "new" } == "new")
    }

    @Test func `a change during the load is not missed where the tags come from the value`() throws {
        let key = CacheKey(.text, 1)
        func read(_ load: () -> String) throws -> String {
            try cache.value(for: key, ttl: .seconds(60), taggedBy: { [CacheTag($0)] }, load: load)
        }
        _ = try read {
            generations.invalidate([CacheTag("old")])
            return "old"
        }
        #expect(count(.unkept) == 1)
        #expect(try read { "new" } == "new")
        #expect(try read { "other" } == "new")
        generations.invalidate([CacheTag("new")])
        #expect(try read { "newer" } == "newer")
    }

    @Test func `an error is not kept`() throws {
        let key = CacheKey(.text, 1)
        #expect(throws: LoadFailure.self) {
            try cache.value(for: key, tags: [.books], ttl: .seconds(60)) { () throws -> String in throw LoadFailure() }
        }
        #expect(try cache.value(for: key, tags: [.books], ttl: .seconds(60)) { "good" } == "good")
        #expect(count(.failures) == 1 && count(.loads) == 2)
    }

    @Test(arguments: [Duration.zero, .milliseconds(999), .seconds(-1)])
    func `a life under a second is refused and nothing is kept`(ttl: Duration) throws {
        let key = CacheKey(.text, 1)
        #expect(throws: CacheMisuse.lifeTooShort(ttl)) {
            try cache.value(for: key, tags: [.books], ttl: ttl) { "short" }
        }
        #expect(throws: CacheMisuse.lifeTooShort(ttl)) {
            try cache.value(for: key, tags: [.books], ttl: .seconds(60), absenceTTL: ttl) { nil as String? }
        }
        #expect(cache.statistics()[0].values == 0)
    }

    @Test func `that there is nothing is kept for a shorter time`() throws {
        let key = CacheKey(.text, 1)
        var loads = 0
        func read(_ value: String?) throws -> String? {
            try cache.value(for: key, tags: [.books], ttl: .seconds(60), absenceTTL: .seconds(2)) {
                loads += 1
                return value
            }
        }
        #expect(try read(nil) == nil)
        #expect(try read("made") == nil)
        clock.pass(.seconds(3))
        #expect(try read("made") == "made")
        clock.pass(.seconds(3))
        #expect(try read(nil) == "made")
        #expect(loads == 2)
    }

    @Test func `that there is nothing is old at once when something is made`() throws {
        let key = CacheKey(.text, 1)
        func read(_ value: String?) throws -> String? {
            try cache.value(for: key, tags: [.books], ttl: .seconds(60), absenceTTL: .seconds(2)) { value }
        }
        #expect(try read(nil) == nil)
        generations.invalidate([.books])
        #expect(try read("made") == "made")
    }

    @Test func `a value that is larger than a value may be is given and not kept`() throws {
        let key = CacheKey(.text, 1)
        let large = [UInt8](repeating: 7, count: CacheOptions.largestValue + 1)
        let cache = Cache(generations: generations, options: clock.options(budget: 1 << 30))
        for _ in 0..<2 {
            #expect(try cache.value(for: key, tags: [.books], ttl: .seconds(60)) { large }.count == large.count)
        }
        let statistics = cache.statistics()[0]
        #expect(statistics[.oversized] == 2 && statistics.values == 0 && statistics.bytes == 0)
    }

    @Test func `a cache without a budget keeps nothing and works`() throws {
        let cache = Cache(generations: generations, options: clock.options(budget: 0))
        var loads = 0
        #expect(try read("one", in: cache, loads: &loads) == "one")
        #expect(try read("two", in: cache, loads: &loads) == "two")
    }

    @Test func `the values never weigh more than the budget`() throws {
        let budget = 256 << 10
        let cache = Cache(generations: generations, options: clock.options(budget: budget))
        for number in 0..<5000 as Range<UInt64> {
            _ = try cache.value(for: CacheKey(.text, number), tags: [.books], ttl: .seconds(60)) {
                [UInt8](repeating: 1, count: 500)
            }
        }
        let statistics = cache.statistics()[0]
        #expect(statistics.values * (500 + Shard.overhead) <= budget)
        #expect(statistics.bytes == statistics.values * 500)
        #expect(statistics[.evictions] == UInt64(5000 - statistics.values))
    }

    @Test func `keys of different kinds versions words and bytes are different`() throws {
        let keys = [
            CacheKey(.text), CacheKey(.text, 1), CacheKey(.text, 0, 1), CacheKey(.text, bytes: [1]), CacheKey(.figure),
            CacheKey(CacheKind("text", number: 0, version: 2)),
            CacheKey(.text, bytes: Array(repeating: 1, count: 10_240)),
        ]
        #expect(Set(keys).count == keys.count)
        for (number, key) in keys.enumerated() {
            #expect(try cache.value(for: key, tags: [.books], ttl: .seconds(60)) { number } == number)
        }
        for (number, key) in keys.enumerated() {
            #expect(try cache.value(for: key, tags: [.books], ttl: .seconds(60)) { -1 } == number)
        }
    }

    @Test func `a key under which a value of another type stands is loaded anew`() throws {
        let key = CacheKey(.text, 1)
        _ = try cache.value(for: key, tags: [.books], ttl: .seconds(60)) { 42 }
        #expect(try cache.value(for: key, tags: [.books], ttl: .seconds(60)) { "text" } == "text")
    }

    @Test func `counts at their end wrap around`() {
        var statistics = CacheStatistics()
        statistics[.hits] = .max
        statistics.note(.hits)
        #expect(statistics[.hits] == 0)
    }
}
