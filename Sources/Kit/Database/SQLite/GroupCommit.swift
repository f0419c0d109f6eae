internal import SQLite
public import SharedMemory

/// One sync of the write-ahead log for all writers that wait for one, of all processes.
///
/// With `synchronous=FULL` every commit syncs the log while it holds the write lock, and the disk's sync is what a commit
/// costs. Here a session commits with `synchronous=NORMAL`, takes a number while it still holds the write lock, gives the
/// lock back, and then waits until the log is on the disk up to its number. One of those who wait is the leader: it holds
/// a lock of its own, reads the last number, syncs, stores that number as synced, and wakes those up to it and one more.
/// Meanwhile others have committed, and the next sync is for all of them. Who finds nobody at it is the leader at once,
/// so that a lone writer waits for nothing but the disk. This is the group commit of Gray and Reuter, Transaction
/// Processing, 1993, 9.4.
///
/// ## Why what was acknowledged is on the disk
///
/// A number is taken after the commit's last write(2) to the log and under the write lock, so every commit up to the number
/// that the leader reads before it syncs has its frames in the log file's pages by then; fdatasync brings them all to the
/// disk, whoever wrote them, and the new length of the file with them.
///
/// The log may be copied back and started anew between a commit and its sync. Then the commit is on the disk already:
///
/// - A checkpoint, also with NORMAL, syncs the log before it copies anything. Where it has copied all of the log, it syncs
///   the database file and only then counts the last frames as copied. Until then all of them stay valid in the log.
/// - A writer starts the log anew only where all frames count as copied. It writes a header with a new salt, which makes
///   the old frames void, and syncs it before any frame follows, also with NORMAL. Lost or torn, there are no valid frames
///   of the new kind, and the database file has all the older ones.
/// - Cutting the file back (`journal_size_limit`) follows that, and takes void frames only.
/// - Sessions and checkpointer never remove the log. Each session syncs it through SQLite's own descriptor.
///
/// ## Seen before it is durable
///
/// Between commit and sync other sessions read the change, and power loss may take it back. Nobody was told that it is done:
/// a writer that has read it waits for a higher number, hence for it as well. Who only reads may see it a moment early.
///
/// ## When the sync fails
///
/// The system takes the pages for written from then on, so that a second sync that succeeds means nothing, and a commit
/// behind lost frames would be lost with them. So the failure is kept: all who wait for that sync or a later one fail, and
/// no change is begun until ``recover(_:)``.
///
/// ## Leaders that end
///
/// One that is killed leaves nothing to repair: its number was not stored, the kernel gives its lock back, and who waits
/// looks for itself every 20 ms. If its sync failed unseen, so will the next one's: the system tells every file that was
/// open by then. One that is stopped is waited for a second; then each syncs for itself.
public struct GroupCommit: Sendable {
    /// Where it stands in a segment.
    ///
    /// Two layouts side by side are two groups: both sync the same file, each for its own.
    public struct Parts: Sendable {
        let lock: MutexPart
        let words: WordsPart

        /// Adds it to a layout.
        public init(in layout: inout SegmentLayout) throws(SharedMemoryError) {
            lock = try layout.addMutex("log sync")
            words = try layout.addWords("log sync", count: 4, isSpread: true)
        }
    }

    private static let patience = Duration.seconds(1)
    private static let longestSleep: Int64 = 20_000_000

    private let lock: SharedMutex
    private let appended: SharedWord
    private let synced: SharedWord
    private let failure: SharedWord
    /// Changes after each leader has given the lock back.
    private let turn: SharedWord

    /// Finds it in a segment; all who write to one database need the same segment.
    public init(_ segment: SharedSegment, _ parts: Parts) throws(SharedMemoryError) {
        lock = try segment.mutex(parts.lock)
        let words = try segment.words(parts.words)
        appended = words[0]
        synced = words[1]
        failure = words[2]
        turn = words[3]
    }

    /// Whether a sync has failed, and no change is begun any more.
    public var hasFailed: Bool { failure.load() != 0 }

    /// The process that syncs for all as far as anybody knows, 0 where nobody does.
    public var leader: Int32 { lock.holder }

    // MARK: - Commits

    /// Throws where a sync has failed.
    func requireSound() throws(DatabaseError) {
        guard hasFailed else { return }
        throw .unavailable(
            .inputOutput,
            DatabaseDiagnosis(
                code: "",
                message: "the write-ahead log could not be synced earlier; no change is made until a restart",
                statement: "sync"
            )
        )
    }

    /// The number of the commit that was just done, under the write lock.
    @usableFromInline func numberOfCommit() -> UInt64 { appended.add(1) }

    /// Returns when the log is on the disk up to a number.
    ///
    /// - Parameters:
    ///   - number: That of the commit.
    ///   - sync: Syncs the log; called where nobody else has done so.
    /// - Throws: ``DatabaseError``: the change is seen by others, and may be gone after power loss.
    func waitUntilDurable(_ number: UInt64, _ sync: () throws -> Void) throws {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            // Read before the lock is tried: the leader that has it now will change it, and that ends the sleep.
            let seen = turn.load()
            if synced.load() >= number { return }
            try requireSound()
            if try lead(upTo: number, sync) { return }
            if ContinuousClock.now >= deadline { return try syncOnce(sync) }
            turn.wait(while: seen, inGroupOf: number, nanoseconds: Self.longestSleep)
        }
    }

    /// Syncs for all who have committed, unless another is at it; then false.
    private func lead(upTo number: UInt64, _ sync: () throws -> Void) throws -> Bool {
        var served: ClosedRange<UInt64>?
        do {
            try lock.withLock(timeout: .zero) { _ in
                let first = synced.load()
                if first >= number { return }
                let last = appended.load()
                try syncOnce(sync)
                synced.store(last)
                served = first + 1...last
            }
        } catch is SharedMemoryError {
            return false
        } catch {
            endTurn()
            throw error
        }
        endTurn(served)
        return true
    }

    /// Wakes those who are served, and one of those who are not, to lead the next turn; without any served, all.
    ///
    /// All others sleep on: as many commit while a sync runs as it is for, and each would be woken for nothing.
    private func endTurn(_ served: ClosedRange<UInt64>? = nil) {
        turn.add(1)
        guard let served else { return turn.wakeAll() }
        // Who has found the lock taken had its number before: where there is none but the leader's, nobody sleeps.
        if served.lowerBound == served.upperBound, appended.load() == served.upperBound { return }
        turn.wakeGroups(of: served)
    }

    private func syncOnce(_ sync: () throws -> Void) throws {
        try requireSound()
        do {
            try sync()
        } catch {
            failure.store(1)
            throw error
        }
        // Another's may have failed meanwhile, and what it lost may stand before this one's frames.
        try requireSound()
    }

    // MARK: - After a failure

    /// Lets changes begin again after a sync has failed, once nothing depends on the log any more.
    ///
    /// What the log has is copied into the database file, the file is synced, and the log is cut to nothing. For the start
    /// of an instance: the first to open the database reads the log anew by its checksums and keeps what is whole. Those
    /// that were open might read frames that the system has dropped.
    ///
    /// - Throws: ``DatabaseError``; changes stay refused.
    public func recover(_ options: DatabaseOptions) throws {
        guard hasFailed else { return }
        let connection = try options.connect(.readWrite)
        try options.writeLock.withLock(timeout: options.busyTimeout) {
            do throws(SQLiteError) { try connection.emptyLog() } catch { throw DatabaseError(error) }
            failure.store(0)
        }
    }
}
