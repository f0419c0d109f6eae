internal import Linux
internal import Synchronization

/// The connections that were refused because of who made them: counted by the threads, told now and then.
///
/// A peer that tries without end must not fill the log: what came since the last line is told at most once in
/// ``interval``.
final class RefusedPeers: Sendable {
    /// What is worth a line in the log.
    struct Report: Equatable {
        /// How many since the worker began.
        let total: Int
        /// Who was the last.
        let last: Peer?
    }

    /// Between two reports, in nanoseconds.
    static let interval: Int64 = 10_000_000_000

    private struct State {
        var total = 0
        var told = 0
        var last: Peer?
        var nextReport: Int64 = .min
    }

    private let state = Mutex(State())

    /// Counts one; nil stands for a peer of which the kernel told nothing.
    func add(_ peer: Peer?) {
        state.withLock { state in
            state.total += 1
            state.last = peer
        }
    }

    /// What is to be told now, if anything is.
    func report(now: Int64) -> Report? {
        state.withLock { state in
            guard state.total > state.told, now >= state.nextReport else { return nil }
            state.told = state.total
            state.nextReport = now + Self.interval
            return Report(total: state.total, last: state.last)
        }
    }
}
