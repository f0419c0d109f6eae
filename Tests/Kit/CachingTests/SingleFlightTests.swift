internal import Linux
internal import LinuxTestSupport
internal import Synchronization
import Testing

@testable import Caching

@Suite struct SingleFlightTests {
    let generations = ProcessGenerations()
    let cache: Cache
    let key = CacheKey(.text, 1)

    init() {
        cache = Cache(
            generations: generations,
            options: CacheOptions(budget: 1 << 20, now: SystemClock.monotonicNanoseconds)
        )
    }

    private final class Tally: Sendable {
        let loads = Atomic(0)
        let values = Mutex<[String: Int]>([:])
        let failures = Atomic(0)

        func note(_ value: String) { values.withLock { $0[value, default: 0] += 1 } }
    }

    private func wait(until condition: () -> Bool) {
        while !condition() { Sleep.briefly() }
    }

    @Test func `two hundred threads that want a value which is not there make one load`() throws {
        let tally = Tally()
        try onThreads(200) { [cache, key] _ in
            let value = try? cache.value(for: key, tags: [.books], ttl: .seconds(60)) {
                tally.loads.add(1, ordering: .relaxed)
                // Until all others wait for this one, or have it by now.
                while cache.statistics()[0][.misses] < 200 { Sleep.briefly() }
                return "loaded"
            }
            tally.note(value ?? "nothing")
        }
        #expect(tally.loads.load(ordering: .relaxed) == 1)
        #expect(tally.values.withLock { $0 } == ["loaded": 200])
        let statistics = cache.statistics()[0]
        #expect(statistics[.shared] == 199 && statistics[.loads] == 1)
    }

    @Test func `two hundred threads of four workers make one load in each worker`() throws {
        // A worker's values are its own: the memory of one is a cache, and what all share are the generations.
        let workers = (0..<4).map { _ in
            Cache(
                generations: generations,
                options: CacheOptions(budget: 1 << 20, now: SystemClock.monotonicNanoseconds)
            )
        }
        let tally = Tally()
        try onThreads(200) { [key] number in
            let cache = workers[number % workers.count]
            let value = try? cache.value(for: key, tags: [.books], ttl: .seconds(60)) {
                tally.loads.add(1, ordering: .relaxed)
                while cache.statistics()[0][.misses] < 50 { Sleep.briefly() }
                return "loaded"
            }
            tally.note(value ?? "nothing")
        }
        #expect(tally.loads.load(ordering: .relaxed) == 4)
        #expect(tally.values.withLock { $0 } == ["loaded": 200])
    }

    @Test func `a load that fails wakes all who wait and the next one loads anew`() throws {
        let tally = Tally()
        try onThreads(50) { [cache, key] _ in
            do {
                _ = try cache.value(for: key, tags: [.books], ttl: .seconds(60)) { () throws -> String in
                    tally.loads.add(1, ordering: .relaxed)
                    while cache.statistics()[0][.misses] < 50 { Sleep.briefly() }
                    throw LoadFailure()
                }
            } catch {
                if error is LoadFailure { tally.failures.add(1, ordering: .relaxed) }
            }
        }
        #expect(tally.loads.load(ordering: .relaxed) == 1)
        #expect(tally.failures.load(ordering: .relaxed) == 50)
        #expect(try cache.value(for: key, tags: [.books], ttl: .seconds(60)) { "good" } == "good")
    }

    @Test func `who came after a change does not get what was read before it`() throws {
        let tally = Tally()
        let hasRead = Atomic(false)
        let mayEnd = Atomic(false)
        let slow = try Thread(name: "slow") { [cache, key] in
            _ = try? cache.value(for: key, tags: [.books], ttl: .seconds(60)) {
                hasRead.store(true, ordering: .releasing)
                while !mayEnd.load(ordering: .acquiring) { Sleep.briefly() }
                return "old"
            }
        }
        wait { hasRead.load(ordering: .acquiring) }
        generations.invalidate([.books])
        let late = try Thread(name: "late") { [cache, key] in
            tally.note((try? cache.value(for: key, tags: [.books], ttl: .seconds(60)) { "new" }) ?? "nothing")
        }
        wait { cache.statistics()[0][.misses] == 2 }
        mayEnd.store(true, ordering: .releasing)
        slow.join()
        late.join()
        #expect(tally.values.withLock { $0 } == ["new": 1])
    }

    @Test func `who has waited long enough loads by itself`() throws {
        let options = CacheOptions(budget: 1 << 20, patience: .milliseconds(20), now: SystemClock.monotonicNanoseconds)
        let cache = Cache(generations: generations, options: options)
        let value = try cache.value(for: key, tags: [.books], ttl: .seconds(60)) {
            // The load waits for itself: the worst that a program can do.
            try cache.value(for: key, tags: [.books], ttl: .seconds(60)) { "inner" }
        }
        #expect(value == "inner")
    }

    @Test func `loads of other keys do not wait`() throws {
        let value = try cache.value(for: key, tags: [.books], ttl: .seconds(60)) {
            try cache.value(for: CacheKey(.text, 2), tags: [.books], ttl: .seconds(60)) { "inner" } + " and outer"
        }
        #expect(value == "inner and outer")
    }
}

/// Lets other threads run.
private enum Sleep {
    static func briefly() {
        _ = Semaphore(permits: 0).wait(nanoseconds: 100_000)
    }
}
