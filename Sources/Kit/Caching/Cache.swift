internal import Synchronization

/// Values in the memory of one process that are good until what they depend on changes, in whatever process.
///
///     let count = try cache.value(for: CacheKey(.totals), tags: [CacheTag("users")], ttl: .seconds(60)) {
///         try session.row(Users.count) { try $0.int(0) }
///     }
///
/// It looks whether the value is there, and gives it; else it loads and keeps it (cache-aside). There is no other way in:
/// nobody can store a value without the generations from before its load, without an end to its life, or in a size that
/// is not bounded.
///
/// - A value is never older than the last change that was answered, in all processes that share the ``Generations``; where
///   others change the store too, no older than the bound of an ``InvalidationTail``.
/// - Of several threads that want a value which is not there, one loads and the others wait for it. A value that was
///   loaded before a waiting thread's own request began is given to it only while it is still good.
/// - An error is not kept; those who waited for the load get it too.
/// - Values live in 16 parts, each with a lock, a budget and a SIEVE queue of its own.
///
/// For any thread. A hit never blocks for longer than the lock of its part; a miss blocks as long as `load` does. `load`
/// holds no lock and may use the cache for other keys; for its own it would wait for itself until the patience ends.
public final class Cache: Sendable {
    private static let shardCount = 16

    @usableFromInline let generations: any Generations
    private let options: CacheOptions
    private let shards: [Shard]

    /// Makes an empty cache.
    public init(generations: any Generations, options: CacheOptions) {
        self.generations = generations
        self.options = options
        shards = (0..<Self.shardCount).map { _ in Shard(budget: options.budget / Self.shardCount) }
    }

    // MARK: - The way in

    /// Gives the value of a key, from memory or by loading it.
    ///
    /// - Parameters:
    ///   - key: all that the value was made of.
    ///   - tags: what makes it old when it changes; looked at before a load only.
    ///   - ttl: how long it is kept if nothing changes, give or take a tenth: a second at least.
    ///   - load: makes the value; it begins to read only when it is called.
    /// - Returns: the value, no older than the last change that was answered before the call.
    /// - Throws: what `load` throws, here or in the thread that was waited for; ``CacheMisuse``.
    @inlinable public func value<Value: CacheableValue>(
        for key: CacheKey,
        tags: @autoclosure () -> [CacheTag],
        ttl: Duration,
        load: () throws -> Value
    ) throws -> Value {
        if let entry = hit(key) as? TypedEntry<Value> { return entry.value }
        return try fetch(key, life: { _ in ttl }) {
            let stamps = Stamps(tags(), in: generations)
            return (try load(), stamps)
        }
    }

    /// Gives the value of a key whose tags are known only from the value.
    ///
    /// A value during whose load something changes, whatever it is, is not kept, nor is one whose tags are nil.
    @inlinable public func value<Value: CacheableValue>(
        for key: CacheKey,
        ttl: Duration,
        taggedBy tags: (Value) -> [CacheTag]?,
        load: () throws -> Value
    ) throws -> Value {
        if let entry = hit(key) as? TypedEntry<Value> { return entry.value }
        return try fetch(key, life: { _ in ttl }) {
            let watch = LoadWatch(generations)
            let value = try load()
            return (value, tags(value).flatMap { watch.stamps($0, in: generations) })
        }
    }

    /// Gives the value of a key, or nil where there is none; that there is none is kept for a shorter time.
    @inlinable public func value<Value: CacheableValue>(
        for key: CacheKey,
        tags: @autoclosure () -> [CacheTag],
        ttl: Duration,
        absenceTTL: Duration,
        load: () throws -> Value?
    ) throws -> Value? {
        if let entry = hit(key) as? TypedEntry<Value?> { return entry.value }
        return try fetch(key, life: { $0 == nil ? absenceTTL : ttl }) {
            let stamps = Stamps(tags(), in: generations)
            return (try load(), stamps)
        }
    }

    // MARK: - Hits

    /// The value of a key, if it is good and needs nobody.
    @usableFromInline func hit(_ key: CacheKey) -> Entry? {
        let now = options.now()
        return shard(of: key).state.withLock { state in
            guard let stored = state.store.find(key), now < stored.life.expiry,
                now < stored.life.refresh || state.flights[key] != nil,
                stored.entry.isCurrent(in: generations), mayGive(at: now)
            else { return nil }
            state.statistics[stored.kind].note(.hits)
            return stored.entry
        }
    }

    /// Whether what is held may be given at all.
    private func mayGive(at instant: Int64) -> Bool { options.lease?.isValid(at: instant) ?? true }

    private func shard(of key: CacheKey) -> Shard { shards[key.shard(of: Self.shardCount)] }

    // MARK: - Misses

    /// What a thread does about a value that is not simply there.
    private enum Part {
        case take(Entry)
        /// Load it; `spare` is still good.
        case lead(Flight, spare: Entry?)
        case follow(Flight)
    }

    /// How often a thread waits for others before it loads by itself.
    private static let waits = 2

    @usableFromInline func fetch<Value: CacheableValue>(
        _ key: CacheKey,
        life: (Value) -> Duration,
        load: () throws -> (Value, Stamps?)
    ) throws -> Value {
        for _ in 0..<Self.waits {
            switch part(in: key, as: TypedEntry<Value>.self) {
            case .take(let entry):
                if let entry = entry as? TypedEntry<Value> { return entry.value }
            case .lead(let flight, let spare):
                return try lead(flight, key, spare as? TypedEntry<Value>, life, load)
            case .follow(let flight):
                guard let outcome = flight.wait(nanoseconds: options.patience.nanoseconds) else { continue }
                // The load may have begun before a change that was answered before this request began.
                let entry = try outcome.get()
                guard entry.isCurrent(in: generations), mayGive(at: options.now()),
                    let typed = entry as? TypedEntry<Value>
                else { continue }
                note(.shared, key)
                return typed.value
            }
        }
        note(.loads, key)
        return try load().0
    }

    private func part<Typed: Entry>(in key: CacheKey, as type: Typed.Type) -> Part {
        let now = options.now()
        return shard(of: key).state.withLock { state in
            let kind = key.kind.number
            var spare: Entry?
            if let stored = state.store.find(key), stored.entry is Typed {
                if now >= stored.life.expiry {
                    state.statistics[kind].note(.expired)
                } else if !stored.entry.isCurrent(in: generations) || !mayGive(at: now) {
                    state.statistics[kind].note(.stale)
                } else if now < stored.life.refresh || state.flights[key] != nil {
                    state.statistics[kind].note(.hits)
                    return .take(stored.entry)
                } else {
                    spare = stored.entry
                }
            }
            state.statistics[kind].note(spare == nil ? .misses : .refreshes)
            if let flight = state.flights[key] { return .follow(flight) }
            let flight = Flight()
            state.flights[key] = flight
            return .lead(flight, spare: spare)
        }
    }

    private func lead<Value: CacheableValue>(
        _ flight: Flight,
        _ key: CacheKey,
        _ spare: TypedEntry<Value>?,
        _ life: (Value) -> Duration,
        _ load: () throws -> (Value, Stamps?)
    ) throws -> Value {
        let begin = options.now()
        do {
            let (value, stamps) = try load()
            let ttl = life(value)
            guard ttl >= CacheOptions.shortestLife else { throw CacheMisuse.lifeTooShort(ttl) }
            let entry = TypedEntry(value, stamps: stamps)
            let end = options.now()
            let life = CacheLife(ttl, now: end, loadTime: end - begin, random: options.random)
            shard(of: key).state.withLock { state in
                state.flights[key] = nil
                state.statistics[key.kind.number].note(.loads)
                state.keep(entry, for: key, life: life)
            }
            flight.land(.success(entry))
            return value
        } catch {
            shard(of: key).state.withLock { state in
                state.flights[key] = nil
                state.statistics[key.kind.number].note(.loads)
                state.statistics[key.kind.number].note(.failures)
                // It is good to its end, and nobody tries again before.
                if spare != nil { state.store.update(key) { $0.life.refresh = .max } }
            }
            flight.land(.failure(error))
            guard let spare, !(error is CacheMisuse), mayGive(at: options.now()) else { throw error }
            return spare.value
        }
    }

    private func note(_ count: CacheStatistics.Count, _ key: CacheKey) {
        shard(of: key).state.withLock { $0.statistics[key.kind.number].note(count) }
    }

    // MARK: - Statistics

    /// What has happened in this process, by the numbers of the kinds.
    public func statistics() -> [CacheStatistics] {
        var sums = [CacheStatistics](repeating: CacheStatistics(), count: CacheKind.most)
        for shard in shards {
            shard.state.withLock { state in
                for kind in sums.indices { sums[kind].add(state.statistics[kind]) }
            }
        }
        return sums
    }
}
