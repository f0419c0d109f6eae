internal import Linux
internal import Synchronization

/// What one handler thread does at the moment, seen by the thread itself and by the worker's control thread.
///
/// The lock is taken twice a request by its own thread and ten times a second by the control thread, so that it is
/// next to never contended.
final class ThreadSlot: Sendable {
    private struct State {
        var isBusy = false
        var connection: Int32 = -1
        var deadline: Int64 = .max
        /// The connections that this thread gave back to be kept, less those that it took.
        ///
        /// The sum over all threads is the number of those that are kept, as long as no thread was found busy: one on
        /// its way is in a hand.
        var kept = 0
    }

    private let state = Mutex(State())

    /// The thread has taken an event, of a kept connection where that is said.
    func begin(takesKept: Bool = false) {
        state.withLock { state in
            state.isBusy = true
            if takesKept { state.kept -= 1 }
        }
    }

    /// The thread gives a connection back that is kept for the next request.
    func keep() {
        state.withLock { $0.kept += 1 }
    }

    /// The connection that the thread gave back last could not be kept.
    func forget() {
        state.withLock { $0.kept -= 1 }
    }

    /// The thread reads from and writes to this connection, which the control thread may shut down past the deadline.
    func serve(_ connection: Int32, deadline: Int64) {
        state.withLock { state in
            state.connection = connection
            state.deadline = deadline
        }
    }

    /// The connection is about to leave the thread's hands.
    func release() {
        state.withLock { state in
            state.connection = -1
            state.deadline = .max
        }
    }

    /// The thread waits for the next event.
    func end() {
        state.withLock { state in
            state.isBusy = false
            state.connection = -1
            state.deadline = .max
        }
    }

    /// Whether the thread has an event in hand, and its part of the kept connections, seen at one moment.
    var load: (isBusy: Bool, kept: Int) { state.withLock { ($0.isBusy, $0.kept) } }

    /// Ends a connection whose deadline has passed, so that the thread which is blocked on it goes on.
    ///
    /// Under the lock, so that the number cannot have been closed and used again. True where it did.
    func interrupt(now: Int64) -> Bool {
        state.withLock { state in
            guard state.connection >= 0, now > state.deadline else { return false }
            Sockets.shutdown(state.connection)
            state.deadline = .max
            return true
        }
    }
}
