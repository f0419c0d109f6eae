internal import CPostgreSQL
internal import Synchronization

/// Ends what runs on a connection, from any thread.
///
/// It may outlive the connection; then it does nothing.
@safe public final class Interrupter: Sendable {
    // Sendable although it holds pointers: it is used only while the lock is held, which keeps the connection open.
    @safe private struct Running: @unchecked Sendable {
        let connection: OpaquePointer
        let pq: cpostgresql_functions
    }

    private struct State {
        var running: Running?
        var isInterrupted = false
    }

    private let state = Mutex(State())

    init() {}

    /// Makes what runs now fail with ``SQLState/queryCanceled``; the server may take a moment to notice.
    ///
    /// If nothing runs, nothing happens.
    public func interrupt() {
        state.withLock { state in
            guard let running = state.running else { return }
            state.isInterrupted = true
            // Sound: the connection is open as long as it is here.
            unsafe Cancellation.send(for: running.connection, running.pq)
        }
    }

    /// Something begins to run.
    ///
    /// Sound: the connection stays open until ``end()``.
    @unsafe func begin(_ connection: OpaquePointer, _ pq: cpostgresql_functions) {
        let running = unsafe Running(connection: connection, pq: pq)
        state.withLock { $0 = State(running: running) }
    }

    /// It has ended; whether somebody asked for that.
    func end() -> Bool {
        state.withLock { state in
            state.running = nil
            return state.isInterrupted
        }
    }
}
