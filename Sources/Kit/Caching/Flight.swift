internal import Linux
internal import Synchronization

/// One load of a value, for which other threads wait that want the same.
final class Flight: Sendable {
    private struct State {
        var outcome: Result<Entry, any Error>?
        var waiting = 0
    }

    private let state = Mutex(State())
    private let landed = Semaphore(permits: 0)

    /// Tells all who wait how it ended; called once.
    func land(_ outcome: Result<Entry, any Error>) {
        let waiting = state.withLock { state in
            state.outcome = outcome
            return state.waiting
        }
        for _ in 0..<waiting { landed.signal() }
    }

    /// Waits for the end; nil where it has not come in time.
    func wait(nanoseconds: Int64) -> Result<Entry, any Error>? {
        let outcome = state.withLock { state in
            state.waiting += 1
            return state.outcome
        }
        if let outcome { return outcome }
        _ = landed.wait(nanoseconds: nanoseconds)
        return state.withLock { $0.outcome }
    }
}
