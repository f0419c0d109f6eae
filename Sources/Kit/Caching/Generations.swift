internal import Synchronization

/// 65,536 counters that tell when cached values have become old: one that has changed stands for a change of all that has
/// its place.
///
/// Readers load a generation before they begin to load a value, and a cached value counts only while all its generations
/// are still the present ones. Writers commit, advance, and only then answer. So no value is ever read that is older than
/// a change that was answered. Both calls never block and may come from any thread. A counter that wraps around only has
/// to differ from its last values: nobody asks which one is greater.
public protocol Generations: Sendable {
    /// The present generation of a place, less than ``GenerationPlace/count``; what is read afterwards is no older.
    func current(at place: Int) -> UInt64

    /// Counts a place up; what was written before is seen by whoever sees the new number.
    func advance(at place: Int)
}

/// The places of the table that have a meaning of their own.
public enum GenerationPlace {
    /// How many there are.
    public static let count = 65_536
    /// Everything that is cached, in all processes.
    static let everything = 0
    /// Counts every change of anything.
    static let anything = 1
    /// Tags stand from here on.
    static let firstTag = 2
}

extension Generations {
    /// Makes all cached values that depend on these tags old, in every process that shares the generations.
    ///
    /// Call it after the commit and before the answer, also where it is not known whether the commit has succeeded.
    public func invalidate(_ tags: some Sequence<CacheTag>) {
        // First of all: see ``LoadWatch``.
        advance(at: GenerationPlace.anything)
        for tag in tags { advance(at: tag.place) }
    }

    /// Makes everything old that is cached; where a process may have ended between commit and invalidation.
    public func invalidateEverything() {
        advance(at: GenerationPlace.anything)
        advance(at: GenerationPlace.everything)
    }
}

/// Generations of one process alone: for tests, and for programs that are one process.
public final class ProcessGenerations: Generations {
    private let table: Mutex<[UInt64]>

    /// Makes a table in which every generation is `first`.
    public init(first: UInt64 = 0) {
        table = Mutex(Array(repeating: first, count: GenerationPlace.count))
    }

    /// The present generation of a place.
    public func current(at place: Int) -> UInt64 { table.withLock { $0[place] } }

    /// Counts a place up.
    public func advance(at place: Int) { table.withLock { $0[place] &+= 1 } }
}
