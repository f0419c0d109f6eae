internal import Linux
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

    /// How often a transaction is run on PostgreSQL, where those that write run side by side and fail if they cannot be put
    /// into an order.
    private static let attemptsOnPostgreSQL = 6

    /// Ends the statements that run in this session, from any thread.
    public let interrupter: DatabaseInterrupter

    @usableFromInline let snapshot: DatabaseReader
    @usableFromInline let transaction: DatabaseTransaction

    @usableFromInline let writeLock: any WriteLock
    @usableFromInline let lockTimeout: Duration

    @usableFromInline let groupCommit: GroupCommit?

    /// Opens a session on SQLite for the current thread.
    ///
    /// - Parameters:
    ///   - options: Where the database is.
    ///   - registry: The statements that may be run.
    /// - Throws: ``DatabaseError``: unavailable or corrupt.
    public init(_ options: DatabaseOptions, registry: StatementRegistry) throws {
        groupCommit = options.durability == .powerLoss ? options.groupCommit : nil
        let connection = try options.connect(syncsCommits: groupCommit == nil)
        writeLock = options.writeLock
        lockTimeout = options.busyTimeout
        interrupter = DatabaseInterrupter(.sqlite(connection.interrupter))
        let ledger = SessionLedger(registry: registry, observer: options.observer)
        let engine = Engine.sqlite(try SQLiteEngine(connection: connection, ledger: ledger))
        snapshot = DatabaseReader(engine, ledger, mayWrite: false, isOpen: false)
        transaction = DatabaseTransaction(engine, ledger, mayWrite: true, isOpen: false)
        super.init(engine, ledger, mayWrite: false, isOpen: true)
    }

    /// Makes a session on PostgreSQL for the current thread, which connects when it is first used.
    ///
    /// - Parameters:
    ///   - database: Where the database is.
    ///   - registry: The statements that may be run.
    public init(_ database: PostgreSQLDatabase, registry: StatementRegistry) {
        groupCommit = nil
        writeLock = SQLiteWriteLock()
        lockTimeout = .zero
        let ledger = SessionLedger(registry: registry, observer: database.observer, log: database.log)
        let connection = PostgreSQLEngine(database, ledger: ledger)
        interrupter = DatabaseInterrupter(.postgreSQL(connection.interrupter))
        let engine = Engine.postgreSQL(connection)
        snapshot = DatabaseReader(engine, ledger, mayWrite: false, isOpen: false)
        transaction = DatabaseTransaction(engine, ledger, mayWrite: true, isOpen: false)
        super.init(engine, ledger, mayWrite: false, isOpen: true)
    }

    /// How many statements have been run, transaction control not counted.
    ///
    /// The difference tells tests how many a request took.
    public var statementCount: Int {
        ledger.runCount
    }

    /// How often a server was waited for, connecting not counted; 0 on SQLite.
    ///
    /// The difference tells tests how many round trips a request took.
    public var roundTripCount: Int {
        if case .postgreSQL(let engine) = engine { engine.roundTrips } else { 0 }
    }

    /// Runs several reads on one snapshot.
    ///
    /// Writers go on meanwhile; what they commit is not seen. Keep it short: the
    /// write-ahead log cannot start anew while a snapshot is in use.
    ///
    /// - Parameter body: Reads through its argument, which is good until it returns. It may be run again, so it must have
    ///   no effect outside.
    /// - Returns: What `body` returns.
    /// - Throws: ``DatabaseError``, or what `body` throws.
    @inlinable public func read<Result>(_ body: (DatabaseReader) throws -> Result) throws -> Result {
        var attempt = 1
        while true {
            do {
                return try readOnce(body)
            } catch {
                guard mayRepeat(after: error, attempt: attempt) else { throw error }
                attempt += 1
            }
        }
    }

    @inlinable func readOnce<Result>(_ body: (DatabaseReader) throws -> Result) throws -> Result {
        try begin(writing: false)
        snapshot.isOpen = true
        do {
            let result = try body(snapshot)
            snapshot.isOpen = false
            try engine.commit()
            return result
        } catch {
            snapshot.isOpen = false
            rollBack()
            throw error
        }
    }

    /// Runs a transaction that changes the database.
    ///
    /// On SQLite it holds the write lock (``DatabaseOptions/writeLock``) and SQLite's own from its beginning, on PostgreSQL it
    /// is serialisable, so nothing slow belongs in it. When `body` throws, nothing is changed.
    ///
    /// - Parameter body: Reads and writes through its argument, which is good
    ///   until it returns. It may be run again, so it must have no effect outside.
    /// - Returns: What `body` returned in the run that was committed.
    /// - Throws: What `body` throws, or ``DatabaseError``: unavailable when others
    ///   hold the write lock for longer than the timeout. If committing itself
    ///   fails with `inputOutput`, the change may be there or not after a crash;
    ///   until then others see it if it was the sync of a ``GroupCommit`` that failed. On PostgreSQL also
    ///   ``DatabaseError/outcomeUnknown(_:)``.
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
        let start = ledger.beginMeasuring(.writeLock)
        let (result, number, committing) = try writeLock.withLock(timeout: lockTimeout) {
            // SQLite's own lock is waited for too: programs that are none of ours take it alone.
            do {
                defer { ledger.gotWriteLock(since: start) }
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
        defer { ledger.committed(since: committing) }
        try waitUntilDurable(number)
        return result
    }

    @usableFromInline func requireSoundLog() throws {
        try groupCommit?.requireSound()
    }

    /// Waits for the sync of a commit, without the write lock.
    @usableFromInline func waitUntilDurable(_ number: UInt64) throws {
        try groupCommit?.waitUntilDurable(number) {
            try withConnection { try $0.syncLog() }
        }
    }

    @usableFromInline func mayRepeat(after error: any Error, attempt: Int) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        switch engine {
        case .sqlite: return attempt < Self.attempts && error.isStaleSnapshot
        case .postgreSQL:
            guard attempt < Self.attemptsOnPostgreSQL, error.isWorthAnotherTry else { return false }
            // Those who were in each other's way should not meet again; a little longer each time.
            _ = Semaphore(permits: 0).wait(nanoseconds: .random(in: 0...(1_000_000 << Int64(attempt))))
            return true
        }
    }

    @usableFromInline func requireNoTransaction() throws {
        guard !snapshot.isOpen, !transaction.isOpen else {
            throw DatabaseError.misuse("a transaction is open already", statement: "begin")
        }
    }

    @usableFromInline func begin(writing: Bool) throws {
        try requireNoTransaction()
        try engine.begin(writing: writing)
    }

    /// Commits, and tells of it: after the commit, because who is told may read anew at once, and before the caller can
    /// answer anybody.
    ///
    /// - Returns: when it began, for ``SessionObserver/committed(nanoseconds:)`` once the change is durable.
    @usableFromInline func commitChanges() throws -> Int64 {
        let start = ledger.beginMeasuring(.commit)
        defer { ledger.announceChanges() }
        do {
            try engine.commit()
        } catch {
            ledger.committed(since: start)
            throw error
        }
        return start
    }

    /// Rolls back, if that has not come of the error itself.
    @usableFromInline func rollBack() {
        ledger.forgetChanges()
        engine.rollBack()
    }
}

/// Ends the statements that run in a session, from any thread.
///
/// They fail with ``DatabaseError/interrupted(_:)``. If none runs, nothing
/// happens. It may outlive the session.
public struct DatabaseInterrupter: Sendable {
    enum Target: Sendable {
        case sqlite(Interrupter)
        case postgreSQL(PostgreSQLInterrupter)
    }

    private let target: Target

    init(_ target: Target) {
        self.target = target
    }

    /// Ends what runs now.
    public func interrupt() {
        switch target {
        case .sqlite(let interrupter): interrupter.interrupt()
        case .postgreSQL(let interrupter): interrupter.interrupt()
        }
    }
}
