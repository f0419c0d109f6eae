internal import Glibc
internal import SQLite

/// Keeps the write-ahead log short.
///
/// Sessions never checkpoint by themselves. One thread of one or more processes
/// calls ``checkpointIfNeeded(logBytesOver:)`` about once a second.
///
/// ## Why two connections
///
/// SQLite from 3.7.0 to 3.51.2 can lose commits when a checkpoint runs beside a
/// writer (https://sqlite.org/wal.html#walresetbug). The checkpointer copies the
/// log's header, compares it with the count of frames already copied back, and
/// then works from its copy. If the log was copied back completely, a writer may
/// start it anew between these two steps. The checkpointer then holds a length
/// from the old log and a count from the new one, and records frames as copied
/// back that have not been written yet. They never reach the database file, and
/// are gone when the log starts anew the next time.
///
/// Only two calls in SQLite start the log anew: a writer's first frame, and a
/// checkpoint in TRUNCATE mode. Both need the write lock, and so does the
/// recovery of the log's index. So here connection A takes that lock with BEGIN
/// IMMEDIATE and writes nothing, connection B runs a PASSIVE checkpoint, and A
/// rolls back: B's copy of the header cannot go stale. A's own snapshot is the
/// newest one, so it does not hold B back. FULL, RESTART and TRUNCATE on one
/// connection do not give this: they ask for the write lock, but when it stays
/// busy they silently go on without it. dqlite, which checkpoints while it holds
/// the write lock, is immune for the same reason.
///
/// This protects against every writer, in whatever process, but not against
/// another program that checkpoints the same file: the `sqlite3` shell does by
/// default, and so do replication tools.
///
/// ## How the log stays short
///
/// When all frames are copied back, readers that come ignore the log. The next
/// writer starts it anew from its beginning if no reader that began earlier is
/// left; otherwise it appends, and the next checkpoint is the next chance. Three
/// things give that chance to a machine that never rests:
///
/// - A reader that began before the last commit keeps its frames from being
///   copied; even the writer does, for the moment between giving up the write
///   lock and its snapshot. So B asks again while A still holds the lock.
/// - There are four marks that readers share. When all are taken, a new reader,
///   A among them, gets an older one and holds B back. So A gives up after 20 ms
///   and begins again.
/// - At the end A keeps the lock for a moment longer, for the readers that began
///   earlier to finish.
///
/// The more the log has outgrown its limit, the more patience. Measured on two
/// processors with 16 threads that did nothing but read: without all this the
/// log was never copied completely and grew as long as it lasted; with it, it
/// was each time.
///
/// ``DatabaseOptions/writeLock`` is held around all of it, so that writers which
/// take it sleep until they are woken; SQLite's own is held for those which do not.
///
/// For one thread, as a session is.
public final class Checkpointer {
    /// What a call has done.
    public enum Outcome: Hashable, Sendable {
        /// The log is short, or nothing was written since all of it was copied back.
        case notNeeded
        /// A writer or another checkpointer kept the locks; try later.
        case busy
        /// The log has so many frames, of which so many are in the database file.
        ///
        /// If they are fewer, readers still need the log.
        case done(logFrames: Int, copiedFrames: Int)
    }

    private static let longestHold = Duration.milliseconds(20)
    private static let mostHolds = 12

    private let writeLock: any WriteLock
    private let lockTimeout: Duration
    private let lockHolder: Connection
    private let worker: Connection
    private let begin: Statement
    private let rollback: Statement

    /// Opens the two connections.
    ///
    /// - Parameters:
    ///   - options: Where the database is. The durability is that of the sessions.
    ///   - lockTimeout: How long to wait for the write lock.
    /// - Throws: ``DatabaseError``: unavailable or corrupt.
    public init(_ options: DatabaseOptions, lockTimeout: Duration = .milliseconds(50)) throws {
        writeLock = options.writeLock
        self.lockTimeout = lockTimeout
        var options = options
        let worker = try options.connect()
        options.busyTimeout = lockTimeout
        let lockHolder = try options.connect()
        do throws(SQLiteError) {
            begin = try lockHolder.prepare("BEGIN IMMEDIATE", id: "checkpoint begin")
            rollback = try lockHolder.prepare("ROLLBACK", id: "checkpoint rollback")
        } catch {
            throw DatabaseError(error)
        }
        self.worker = worker
        self.lockHolder = lockHolder
    }

    /// Copies the log back into the database file if it has grown.
    ///
    /// Costs a look at shared memory when there is nothing to do. Otherwise writers wait
    /// while frames are copied and the database file is synced, some 10 ms for
    /// a log of 4 MiB on a fast disk; readers that are in the way can add 20 ms,
    /// several times if the log is much too long, with a turn for the writers
    /// between. Readers never wait.
    ///
    /// - Parameter limit: The bytes of frames up to which the log is left alone. The log's file may be longer: it keeps its
    ///   size, up to ``DatabaseOptions/journalSizeLimit``, when the log starts anew.
    /// - Returns: What was done.
    /// - Throws: ``DatabaseError``, such as unavailable when the disk is full.
    @discardableResult
    public func checkpointIfNeeded(logBytesOver limit: Int) throws -> Outcome {
        let log = try lengthOfLog()
        guard log.bytes > limit, !log.isCopied else { return .notNeeded }
        let holds = min(1 + log.bytes / max(limit, 1 << 20), Self.mostHolds)
        var outcome = Outcome.busy
        for _ in 0..<holds {
            outcome = try checkpoint(restingMilliseconds: 1 + holds)
            if case .done(let logFrames, let copiedFrames) = outcome, logFrames == copiedFrames { break }
        }
        return outcome
    }

    private func lengthOfLog() throws -> WriteAheadLogLength {
        do throws(SQLiteError) {
            if let length = try worker.logLength() { return length }
            // The first statement that reads makes the index.
            try worker.execute("SELECT 1 FROM sqlite_schema LIMIT 1", id: "log length")
            guard let length = try worker.logLength() else {
                throw SQLiteError(code: .misuse, message: "the log has no index", statement: "log length")
            }
            return length
        } catch {
            throw DatabaseError(error)
        }
    }

    /// Holds the write lock once and copies what it can.
    private func checkpoint(restingMilliseconds rest: Int) throws -> Outcome {
        do {
            return try writeLock.withLock(timeout: lockTimeout) { try copy(restingMilliseconds: rest) }
        } catch DatabaseError.unavailable(.busy, _) {
            return .busy
        }
    }

    private func copy(restingMilliseconds rest: Int) throws -> Outcome {
        do throws(SQLiteError) {
            try run(begin)
            defer { try? run(rollback) }
            let end = ContinuousClock.now + Self.longestHold
            var frames = try worker.checkpoint()
            while frames.copiedFrames < frames.logFrames, ContinuousClock.now < end {
                usleep(200)
                frames = try worker.checkpoint()
            }
            if frames.copiedFrames == frames.logFrames {
                usleep(UInt32(rest) * 1000)
            }
            return .done(logFrames: frames.logFrames, copiedFrames: frames.copiedFrames)
        } catch {
            throw DatabaseError(error)
        }
    }

    private func run(_ statement: Statement) throws(SQLiteError) {
        defer { statement.reset() }
        while try statement.step() {}
    }
}
