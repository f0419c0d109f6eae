internal import Synchronization

/// A part of the cache with a lock of its own.
final class Shard: Sendable {
    /// What one value costs beside its own bytes: node, entry, stamps, a place in the dictionary.
    static let overhead = 320

    struct Stored {
        let entry: Entry
        let kind: Int
        var life: CacheLife
    }

    struct State {
        var store: Sieve<CacheKey, Stored>
        var flights: [CacheKey: Flight] = [:]
        var statistics = [CacheStatistics](repeating: CacheStatistics(), count: CacheKind.most)
    }

    let state: Mutex<State>

    init(budget: Int) {
        state = Mutex(State(store: Sieve(budget: budget)))
    }
}

extension Shard.State {
    /// Keeps a value, as far as it may be kept.
    mutating func keep(_ entry: Entry, for key: CacheKey, life: CacheLife) {
        let kind = key.kind.number
        let weight = Self.weight(entry, key)
        guard entry.stamps != nil else {
            statistics[kind].note(.unkept)
            return remove(key)
        }
        guard entry.byteCount <= CacheOptions.largestValue, weight <= store.budget else {
            statistics[kind].note(.oversized)
            return remove(key)
        }
        remove(countsOf: key)
        let stored = Shard.Stored(entry: entry, kind: kind, life: life)
        for evicted in store.insert(stored, for: key, weight: weight) {
            statistics[evicted.kind].note(.evictions)
            statistics[evicted.kind].values -= 1
            statistics[evicted.kind].bytes -= evicted.entry.byteCount
        }
        statistics[kind].values += 1
        statistics[kind].bytes += entry.byteCount
    }

    private static func weight(_ entry: Entry, _ key: CacheKey) -> Int {
        let (sum, isBeyond) = entry.byteCount.addingReportingOverflow(key.byteCount + Shard.overhead)
        return isBeyond ? .max : sum
    }

    /// Gives a value up that cannot be used any more.
    private mutating func remove(_ key: CacheKey) {
        remove(countsOf: key)
        store.remove(key)
    }

    private mutating func remove(countsOf key: CacheKey) {
        guard let old = store.peek(key) else { return }
        statistics[old.kind].values -= 1
        statistics[old.kind].bytes -= old.entry.byteCount
    }
}
