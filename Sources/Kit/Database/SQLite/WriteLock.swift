public import SharedMemory

/// What a session takes before it begins to write, and gives back when it has committed or rolled back.
///
/// SQLite has a write lock of its own, for which it waits by sleeping and asking again, up to 100 ms at a time. Here a
/// writer is woken as soon as the one before it has finished. SQLite's is taken as well, a moment later: other programs
/// know no other. It may still be held by a process that was killed, because the kernel gives the locks in shared memory
/// back before those of files; hence SQLite's own timeout stays.
public protocol WriteLock: Sendable {
    /// Runs `body` while holding the lock, in the calling thread.
    ///
    /// - Throws: ``DatabaseError``, then `body` was not run: unavailable when the lock did not come free in time; or what
    ///   `body` throws.
    func withLock<Result>(timeout: Duration, _ body: () throws -> Result) throws -> Result
}

/// No lock but SQLite's own: for tests, and for programs of which only one process writes.
public struct SQLiteWriteLock: WriteLock {
    /// Makes one.
    public init() {}

    /// Runs `body`.
    public func withLock<Result>(timeout: Duration, _ body: () throws -> Result) throws -> Result {
        try body()
    }
}

/// The write lock in memory that all processes of an instance share.
///
/// A holder that is killed leaves nothing to repair: SQLite passes over what was not committed.
public struct SharedWriteLock: WriteLock {
    private let mutex: SharedMutex

    /// Takes the segment's lock; all who write to one database need the same.
    public init(_ segment: SharedSegment) {
        mutex = segment.writeLock
    }

    /// Runs `body` while holding the lock; not to be nested.
    public func withLock<Result>(timeout: Duration, _ body: () throws -> Result) throws -> Result {
        do {
            return try mutex.withLock(timeout: timeout) { _ in try body() }
        } catch let error as SharedMemoryError {
            let diagnosis = DatabaseDiagnosis(code: "", message: error.description, statement: "write lock")
            switch error {
            case .lockTimeout: throw DatabaseError.unavailable(.busy, diagnosis)
            case .alreadyHeld: throw DatabaseError.misuse(diagnosis)
            default: throw DatabaseError.other(diagnosis)
            }
        }
    }
}
