internal import CSQLite
internal import Synchronization

/// Ends the statements that run on a connection, from any thread.
///
/// It may outlive the connection; then it does nothing.
@safe public final class Interrupter: Sendable {
    // Sendable although a pointer is not: it is used for nothing but
    // sqlite3_interrupt, which is allowed from any thread.
    @safe private struct Handle: @unchecked Sendable {
        let database: OpaquePointer
    }

    // The lock keeps the connection from closing while it is being interrupted.
    private let handle: Mutex<Handle?>

    /// Takes a connection that calls ``detach()`` before it closes.
    @unsafe init(_ database: OpaquePointer) {
        handle = Mutex(unsafe Handle(database: database))
    }

    // Ends a wait for a lock, of which sqlite3_interrupt takes no notice.
    private let endsWait = Atomic<Bool>(false)

    /// Makes the statements that run now fail with `interrupted`.
    ///
    /// One that waits for a lock may fail with `busy` instead. A write transaction stays
    /// open, for its owner to roll back. If nothing runs, nothing happens: a
    /// statement that starts later is not affected.
    public func interrupt() {
        endsWait.store(true, ordering: .relaxed)
        handle.withLock { handle in
            // Sound: not closed, for `detach` needs the lock first.
            if let handle { unsafe sqlite3_interrupt(handle.database) }
        }
    }

    /// Begins a wait for a lock, which earlier calls do not end.
    func beginWait() {
        endsWait.store(false, ordering: .relaxed)
    }

    /// Whether the wait that began last is to end.
    var isWaitInterrupted: Bool {
        endsWait.load(ordering: .relaxed)
    }

    /// Lets go of the connection, which is about to close.
    func detach() {
        handle.withLock { $0 = nil }
    }
}
