internal import Glibc
import RandomTestSupport
internal import Synchronization
import Testing

@testable import Caching

@Suite struct CacheLifeTests {
    let clock = TestClock()
    let generations = ProcessGenerations()

    @Test func `a value ends within a tenth of its time`() {
        var random = SeededGenerator(seed: 1)
        let lives = (0..<10_000).map { _ in
            CacheLife(.seconds(100), now: 0, loadTime: 0) { Double.random(in: 0..<1, using: &random) }.expiry
        }
        #expect(lives.allSatisfy { (90_000_000_000...110_000_000_000).contains($0) })
        #expect((lives.min() ?? 0) < 91_000_000_000 && (lives.max() ?? 0) > 109_000_000_000)
    }

    @Test func `no value ends within a second`() {
        #expect(CacheLife(.seconds(1), now: 5, loadTime: 0, random: { 0 }).expiry == 1_000_000_005)
    }

    @Test func `a life longer than the clock can count is cut`() {
        let life = CacheLife(.seconds(Int64.max), now: .max - 5, loadTime: 0, random: { 0.999 })
        #expect(life.expiry == .max)
    }

    @Test(arguments: [0.1, 0.5, 1, 2, 4])
    func `the probability of an early load is that of the paper`(leftInLoadTimes: Double) {
        var random = SeededGenerator(seed: 2)
        let loadTime: Int64 = 1_000_000_000
        let trials = 100_000
        let early = (0..<trials).count { _ in
            var draws = 0
            let life = CacheLife(.seconds(100), now: 0, loadTime: loadTime) {
                draws += 1
                // The first draw is the jitter's.
                return draws == 1 ? 0.5 : Double.random(in: 0..<1, using: &random)
            }
            return life.refresh <= life.expiry - Int64(leftInLoadTimes * Double(loadTime))
        }
        let expected = exp(-leftInLoadTimes)
        #expect(abs(Double(early) / Double(trials) - expected) < 0.006)
    }

    @Test func `shortly before its end one caller loads anew while the others get what is there`() throws {
        // The draw is the middle one: the load of 10 s is begun 6.9 s before the end.
        let cache = Cache(generations: generations, options: clock.options())
        let key = CacheKey(.text, 1)
        func read(_ load: () throws -> String) throws -> String {
            try cache.value(for: key, tags: [.books], ttl: .seconds(60), load: load)
        }
        _ = try read {
            clock.pass(.seconds(10))
            return "first"
        }
        clock.pass(.seconds(53))
        #expect(try read { "early" } == "first")
        clock.pass(.seconds(1))
        let second = try read { () throws -> String in
            // Somebody else asks meanwhile.
            #expect(try read { "nobody" } == "first")
            return "second"
        }
        #expect(second == "second")
        #expect(cache.statistics()[0][.refreshes] == 1)
    }

    @Test func `an early load that fails leaves the value until its end and is not tried again`() throws {
        let cache = Cache(generations: generations, options: clock.options())
        let key = CacheKey(.text, 1)
        var loads = 0
        func read(_ load: () throws -> String) throws -> String {
            try cache.value(for: key, tags: [.books], ttl: .seconds(60)) {
                loads += 1
                return try load()
            }
        }
        _ = try read {
            clock.pass(.seconds(10))
            return "first"
        }
        clock.pass(.seconds(55))
        #expect(try read { throw LoadFailure() } == "first")
        #expect(try read { "second" } == "first")
        #expect(loads == 2)
        clock.pass(.seconds(6))
        #expect(throws: LoadFailure.self) { try read { throw LoadFailure() } }
    }

    @Test func `a value past its end is loaded anew`() throws {
        let cache = Cache(generations: generations, options: clock.options())
        let key = CacheKey(.text, 1)
        #expect(try cache.value(for: key, tags: [.books], ttl: .seconds(5)) { "one" } == "one")
        clock.pass(.seconds(5))
        #expect(try cache.value(for: key, tags: [.books], ttl: .seconds(5)) { "two" } == "two")
        #expect(cache.statistics()[0][.expired] == 1)
    }
}
