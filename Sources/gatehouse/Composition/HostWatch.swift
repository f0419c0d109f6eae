internal import Caching
internal import Database
internal import Events
internal import Linux
internal import Logging
internal import PostgreSQL
internal import Storage
internal import Synchronization

/// The thread of the maintenance process that keeps this host in step with others on the same database on a server.
///
/// Twice a second, and when another host calls, it looks what was changed, by whichever host, and makes old what the workers
/// remember of it; and it keeps, or tries to get, the lease of the host that does what is to be done once for the database.
final class HostWatch: Sendable {
    /// The clock of this, and of the caches where the database is on a server: while their machine slept others went on.
    static let nanoseconds: @Sendable () -> Int64 = SystemClock.boottimeNanoseconds

    /// From the end of a look to the next, where nobody calls.
    private static let pace: Int64 = 500_000_000
    /// Where somebody calls all the time.
    private static let leastPace: Int64 = 50_000_000
    /// For so long what the workers remember is good where nobody looks.
    private static let bound = Duration.seconds(5)
    /// After so long something may have been missed: a fourth of what the log keeps.
    private static let longestAbsence = ChangeLog.life / 4
    /// For so long the end of the process waits for what is on its way.
    private static let patience: Int64 = 1_000_000_000

    private let generations: SharedGenerations
    private let cacheLease: CacheLease
    private let signal: EventSignal
    private let host: UInt64
    private let log: Logger
    private let term = LeaseTerm()
    private let hints = Mutex<HostHints?>(nil)
    /// Has a permit when there is a reason to look.
    private let wake = Semaphore(permits: 0)
    private let isCalled = Atomic(false)
    /// Has a permit once it is told to end.
    private let stopping = Semaphore(permits: 0)
    private let ended = Semaphore(permits: 0)

    /// Starts the thread.
    ///
    /// - Throws: `SystemError`, where there is no room for one more.
    init(_ database: PostgreSQLDatabase, registry: StatementRegistry, shared: SharedState, log: Logger) throws {
        generations = shared.generations
        cacheLease = shared.cacheLease
        signal = shared.eventSignal
        host = shared.hostNumber
        self.log = log
        _ = try Thread(name: "changes") { [self] in
            run(DatabaseSession(database, registry: registry))
            ended.signal()
        }
        // A pooler gives what is called to whom it likes.
        guard !database.options.isPooled else { return }
        let signal = shared.commitSignal
        let made = try HostHints(database, registry: registry, signal: signal, host: host) { [self] in call() }
        hints.withLock { $0 = made }
    }

    /// Whether this host does what is to be done once.
    var hasLease: Bool { term.isRunning(at: Self.nanoseconds()) }

    /// Ends it, and lets another host have the lease.
    func stop() {
        hints.withLock { $0 }?.stop()
        stopping.signal()
        wake.signal()
        _ = ended.wait(nanoseconds: Self.patience)
    }

    /// Another host has committed something.
    private func call() {
        if !isCalled.exchange(true, ordering: .relaxed) { wake.signal() }
    }

    private func run(_ session: DatabaseSession) {
        let changes = ChangeLog(session)
        let lease = HostLease(session, holder: host, term: term, now: Self.nanoseconds)
        var tail = InvalidationTail(
            changes,
            invalidating: generations,
            extending: cacheLease,
            bound: Self.bound,
            longestAbsence: Self.longestAbsence,
            now: Self.nanoseconds
        )
        var isFirst = true
        var isFailing = false
        repeat {
            let wasCalled = isCalled.exchange(false, ordering: .relaxed)
            do {
                let found = try tail.look()
                if found == .missed, !isFirst {
                    log.notice("changes of other hosts were missed; everything is loaded anew")
                }
                isFirst = false
                let hadLease = hasLease
                try lease.keep()
                if hasLease {
                    // What another host has committed is told here; and before the lease nobody looked.
                    if wasCalled || found != .nothing || !hadLease { signal.announce() }
                    try changes.prune(at: Self.nanoseconds())
                }
                isFailing = false
            } catch {
                if !isFailing {
                    log.warning("changes of other hosts cannot be read", metadata: ["reason": "\(error)"])
                }
                isFailing = true
            }
            if stopping.wait(nanoseconds: Self.leastPace) { break }
            _ = wake.wait(nanoseconds: Self.pace - Self.leastPace)
        } while !stopping.wait(nanoseconds: 0)
        do { try lease.release() } catch { log.warning("the lease was not given up", metadata: ["reason": "\(error)"]) }
    }
}
