public import SharedMemory

/// Until when caches may give what they hold, where others change the store whose processes share no memory with these.
///
/// A lease (Gray, Cheriton: "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache Consistency", SOSP
/// 1989): an ``InvalidationTail`` extends it whenever it has seen all that was changed. Where it cannot, or has ended, the
/// lease runs out by itself, and caches load anew each time. For any thread of any process that shares the word; the clock
/// is the caches' own (``CacheOptions``), and has to be the same for all of them.
public struct CacheLease: Sendable {
    private let word: SharedWord

    /// Takes a word that is 0 at first: nothing may be given before somebody has extended the lease.
    public init(_ word: SharedWord) {
        self.word = word
    }

    /// Whether caches may give what they hold at this instant.
    func isValid(at instant: Int64) -> Bool { Int64(bitPattern: word.load()) > instant }

    /// Lets caches give what they hold until this instant.
    func extend(until instant: Int64) { word.store(UInt64(bitPattern: instant)) }
}
