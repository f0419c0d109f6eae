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

    /// Makes the statements that run now fail with `interrupted`.
    ///
    /// A write transaction stays open, for its owner to roll back. If nothing
    /// runs, nothing happens: a statement that starts later is not affected.
    public func interrupt() {
        handle.withLock { handle in
            // Sound: not closed, for `detach` needs the lock first.
            if let handle { unsafe sqlite3_interrupt(handle.database) }
        }
    }

    func detach() {
        handle.withLock { $0 = nil }
    }
}
