internal import Linux
internal import SQLite

/// What a session does that its caller waits for.
public enum SessionWork: Sendable {
    /// Getting the lock that writers take first.
    case writeLock
    /// Running a statement.
    case statement
    /// Committing.
    case commit
}

/// Learns what the work of a session costs; called in the session's thread, so that nothing slow belongs in it.
///
/// Must not use the session: a statement may be running.
public protocol SessionObserver: AnyObject {
    /// Work begins; unless it fails, one of the others tells of its end.
    func begins(_ work: SessionWork)
    /// A statement has ended, well or not, after its rows were read.
    func ran(_ statement: StatementDefinition, nanoseconds: Int64)
    /// A transaction that writes has got the write lock and SQLite's own, or has got the first and given the other one up.
    func waitedForWriteLock(nanoseconds: Int64)
    /// A transaction that writes has been committed, or could not be.
    func committed(nanoseconds: Int64)
}

extension DatabaseSession {
    /// Who is told what the session's work costs; nil measures nothing.
    public var costObserver: (any SessionObserver)? {
        get { ledger.costObserver }
        set { ledger.costObserver = newValue }
    }

    /// How the engine runs a statement of the registry, a line for each step; on PostgreSQL for any values.
    ///
    /// Nothing is run. Not inside a transaction, which would take longer by it.
    public func plan(of statement: StatementDefinition) throws -> [String] {
        if case .postgreSQL(let engine) = engine { return try engine.plans(of: [statement])[0] }
        return try withConnection { connection in
            try connection.queryPlan(of: statement.sql, id: statement.id).map(\.detail)
        }
    }
}

extension SessionLedger {
    /// Now, where somebody wants to know how long something takes.
    @usableFromInline func beginMeasuring(_ work: SessionWork) -> Int64 {
        guard let costObserver else { return 0 }
        costObserver.begins(work)
        return SystemClock.monotonicNanoseconds()
    }

    @usableFromInline func ended(_ definition: StatementDefinition, since start: Int64) {
        costObserver?.ran(definition, nanoseconds: SystemClock.monotonicNanoseconds() - start)
    }

    @usableFromInline func gotWriteLock(since start: Int64) {
        costObserver?.waitedForWriteLock(nanoseconds: SystemClock.monotonicNanoseconds() - start)
    }

    @usableFromInline func committed(since start: Int64) {
        costObserver?.committed(nanoseconds: SystemClock.monotonicNanoseconds() - start)
    }
}
