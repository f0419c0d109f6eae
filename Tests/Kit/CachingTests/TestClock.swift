internal import Synchronization

@testable internal import Caching

/// A clock that goes only when it is told to.
final class TestClock: Sendable {
    private let nanoseconds = Mutex<Int64>(1_000_000_000_000)

    var now: Int64 { nanoseconds.withLock { $0 } }

    func pass(_ duration: Duration) {
        nanoseconds.withLock { $0 += duration.nanoseconds }
    }

    /// Options of a cache that goes by this clock; without jitter and early refresh, unless chance is given.
    func options(
        budget: Int = 1 << 20,
        patience: Duration = .seconds(10),
        lease: CacheLease? = nil,
        random: @escaping @Sendable () -> Double = { 0.5 }
    ) -> CacheOptions {
        CacheOptions(budget: budget, patience: patience, lease: lease, now: { self.now }, random: random)
    }
}

extension CacheKind {
    static let text = CacheKind("text", number: 0, version: 1)
    static let figure = CacheKind("figure", number: 1, version: 1)
}

extension CacheTag {
    static let books = CacheTag("books")
    static let people = CacheTag("people")
}

/// What a load throws that has been told to fail.
struct LoadFailure: Error, Equatable {}
