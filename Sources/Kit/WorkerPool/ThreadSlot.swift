internal import Linux
internal import Synchronization

/// What one handler thread does at the moment, seen by the thread itself and by the worker's control thread.
///
/// The lock is taken three or four times a request by its own thread and a few times in each tenth of a second by the control
/// thread, so that it is next to never contended.
final class ThreadSlot: Sendable {
    /// Whether the thread has an event in hand, and how many it has taken.
    struct Activity: Equatable {
        var isBusy = false
        var events = 0
    }

    private struct State {
        var activity = Activity()
        var connection: Int32 = -1
        var deadline: Int64 = .max
        /// The requests that the thread has served.
        var served = 0
    }

    private let state = Mutex(State())

    /// The thread has taken an event.
    func begin() {
        state.withLock { state in
            state.activity.isBusy = true
            state.activity.events += 1
        }
    }

    /// The thread reads from and writes to this connection, which the control thread may shut down past the deadline.
    func serve(_ connection: Int32, deadline: Int64) {
        state.withLock { state in
            state.connection = connection
            state.deadline = deadline
            state.served += 1
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
            state.activity.isBusy = false
            state.connection = -1
            state.deadline = .max
        }
    }

    /// Both, seen at one moment.
    var activity: Activity { state.withLock { $0.activity } }

    /// How many requests the thread has taken since it started.
    var served: Int { state.withLock { $0.served } }

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
