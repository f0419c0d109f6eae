internal import SQLite

/// A thread's own way to the database.
///
/// Open one in each thread that needs one, after the process has forked, and
/// keep it: connection and prepared statements stay warm. It is not Sendable.
/// Every call blocks until it is done.
///
/// The session itself is a ``DatabaseReader`` whose statements each see the
/// newest committed state: the cheapest way to read one row.
///
///     let name = try session.row(Users.nameByID, id) { row in try row.string(0) }
public final class DatabaseSession: DatabaseReader {
    /// How often a write transaction is run before a stale snapshot is an error.
    ///
    /// An immediate transaction begins with the newest snapshot, so one repeat
    /// is rare and a third would be a surprise.
    private static let attempts = 3

    /// Ends the statements that run in this session, from any thread.
    public let interrupter: DatabaseInterrupter

    @usableFromInline let snapshot: DatabaseReader
    @usableFromInline let transaction: DatabaseTransaction

    @usableFromInline let writeLock: any WriteLock
    @usableFromInline let lockTimeout: Duration

    @usableFromInline let groupCommit: GroupCommit?
    private let beginDeferred: Statement
    private let beginImmediate: Statement
    private let commitStatement: Statement
    private let rollbackStatement: Statement

    /// Opens a session for the current thread.
    ///
    /// - Parameters:
    ///   - options: Where the database is.
    ///   - registry: The statements that may be run.
    /// - Throws: ``DatabaseError``: unavailable or corrupt.
    public init(_ options: DatabaseOptions, registry: StatementRegistry) throws {
        groupCommit = options.durability == .powerLoss ? options.groupCommit : nil
        let connection = try options.connect(syncsCommits: groupCommit == nil)
        do throws(SQLiteError) {
            beginDeferred = try connection.prepare("BEGIN DEFERRED", id: "begin")
            beginImmediate = try connection.prepare("BEGIN IMMEDIATE", id: "begin immediate")
            commitStatement = try connection.prepare("COMMIT", id: "commit")
            rollbackStatement = try connection.prepare("ROLLBACK", id: "rollback")
        } catch {
            throw DatabaseError(error)
        }
        writeLock = options.writeLock
        lockTimeout = options.busyTimeout
        interrupter = DatabaseInterrupter(connection.interrupter)
        let statements = PreparedStatements(connection: connection, registry: registry, observer: options.observer)
        snapshot = DatabaseReader(statements, mayWrite: false, isOpen: false)
        transaction = DatabaseTransaction(statements, mayWrite: true, isOpen: false)
        super.init(statements, mayWrite: false, isOpen: true)
    }

    /// How many statements have been run, transaction control not counted.
    ///
    /// The difference tells tests how many a request took.
    public var statementCount: Int {
        statements.runCount
    }

    /// Runs several reads on one snapshot.
    ///
    /// Writers go on meanwhile; what they commit is not seen. Keep it short: the
    /// write-ahead log cannot start anew while a snapshot is in use.
    ///
    /// - Parameter body: Reads through its argument, which is good until it returns.
    /// - Returns: What `body` returns.
    /// - Throws: ``DatabaseError``, or what `body` throws.
    @inlinable public func read<Result>(_ body: (DatabaseReader) throws -> Result) throws -> Result {
        try begin(writing: false)
        snapshot.isOpen = true
        do {
            let result = try body(snapshot)
            snapshot.isOpen = false
            try commit()
            return result
        } catch {
            snapshot.isOpen = false
            rollBack()
            throw error
        }
    }

    /// Runs a transaction that changes the database.
    ///
    /// It holds the write lock (``DatabaseOptions/writeLock``) and SQLite's own from its beginning, so nothing slow belongs
    /// in it. When `body` throws, nothing is changed.
    ///
    /// - Parameter body: Reads and writes through its argument, which is good
    ///   until it returns. It may be run again, so it must have no effect outside.
    /// - Returns: What `body` returned in the run that was committed.
    /// - Throws: What `body` throws, or ``DatabaseError``: unavailable when others
    ///   hold the write lock for longer than the timeout. If committing itself
    ///   fails with `inputOutput`, the change may be there or not after a crash;
    ///   until then others see it if it was the sync of a ``GroupCommit`` that failed.
    @inlinable public func write<Result>(_ body: (DatabaseTransaction) throws -> Result) throws -> Result {
        var attempt = 1
        while true {
            do {
                return try writeOnce(body)
            } catch {
                guard mayRepeat(after: error, attempt: attempt) else { throw error }
                attempt += 1
            }
        }
    }

    @inlinable func writeOnce<Result>(_ body: (DatabaseTransaction) throws -> Result) throws -> Result {
        try requireNoTransaction()
        try requireSoundLog()
        let start = statements.beginMeasuring(.writeLock)
        let (result, number, committing) = try writeLock.withLock(timeout: lockTimeout) {
            // SQLite's own lock is waited for too: programs that are none of ours take it alone.
            do {
                defer { statements.gotWriteLock(since: start) }
                try begin(writing: true)
            }
            transaction.isOpen = true
            do {
                let result = try body(transaction)
                transaction.isOpen = false
                let committing = try commitChanges()
                return (result, groupCommit?.numberOfCommit() ?? 0, committing)
            } catch {
                transaction.isOpen = false
                rollBack()
                throw error
            }
        }
        defer { statements.committed(since: committing) }
        try waitUntilDurable(number)
        return result
    }

    @usableFromInline func requireSoundLog() throws {
        try groupCommit?.requireSound()
    }

    /// Waits for the sync of a commit, without the write lock.
    @usableFromInline func waitUntilDurable(_ number: UInt64) throws {
        try groupCommit?.waitUntilDurable(number) {
            do throws(SQLiteError) { try statements.connection.syncLog() } catch { throw DatabaseError(error) }
        }
    }

    @usableFromInline func mayRepeat(after error: any Error, attempt: Int) -> Bool {
        guard attempt < Self.attempts, let error = error as? DatabaseError else { return false }
        return error.isStaleSnapshot
    }

    @usableFromInline func requireNoTransaction() throws {
        guard !snapshot.isOpen, !transaction.isOpen else {
            throw DatabaseError.misuse("a transaction is open already", statement: "begin")
        }
    }

    @usableFromInline func begin(writing: Bool) throws {
        try requireNoTransaction()
        if statements.connection.isInTransaction {
            // Left by a rollback that failed.
            try run(rollbackStatement)
        }
        try run(writing ? beginImmediate : beginDeferred)
    }

    @usableFromInline func commit() throws {
        try run(commitStatement)
    }

    /// Commits, and tells of it: after the commit, because who is told may read anew at once, and before the caller can
    /// answer anybody.
    ///
    /// - Returns: when it began, for ``SessionObserver/committed(nanoseconds:)`` once the change is durable.
    @usableFromInline func commitChanges() throws -> Int64 {
        let start = statements.beginMeasuring(.commit)
        defer { statements.announceChanges() }
        do {
            try commit()
        } catch {
            statements.committed(since: start)
            throw error
        }
        return start
    }

    /// Rolls back, if SQLite has not done so by itself after an error.
    @usableFromInline func rollBack() {
        statements.forgetChanges()
        guard statements.connection.isInTransaction else { return }
        // The error that led here is the one to tell; should the rollback fail
        // as well, the next transaction tries it again before it begins.
        try? run(rollbackStatement)
    }

    private func run(_ statement: Statement) throws {
        defer { statement.reset() }
        while try statement.next() {}
    }
}

/// Ends the statements that run in a session, from any thread.
///
/// They fail with ``DatabaseError/interrupted(_:)``. If none runs, nothing
/// happens. It may outlive the session.
public struct DatabaseInterrupter: Sendable {
    private let interrupter: Interrupter

    init(_ interrupter: Interrupter) {
        self.interrupter = interrupter
    }

    /// Ends what runs now.
    public func interrupt() {
        interrupter.interrupt()
    }
}
