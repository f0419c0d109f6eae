internal import Database
internal import Linux
internal import Logging
internal import WorkerPool

/// The backups that the maintenance process makes by itself.
struct ScheduledBackups: Sendable {
    /// How often it is looked whether it is time.
    static let lookInterval = Duration.seconds(10)

    let directory: BackupDirectory
    let interval: Duration

    /// Backs the database up where it is time, and tells the log.
    ///
    /// Takes as long as the copy does; checkpoints wait meanwhile, writers do not. Where the process is told to end it gives
    /// up and leaves nothing: the next process makes the backup.
    func run(_ database: DatabaseOptions, log: Logger, isToldToEnd: () -> Bool) throws {
        let now = SystemClock.realtimeMicroseconds()
        guard try directory.isDue(every: interval, now: now) else { return }
        let turn: BackupDirectory.Turn
        do {
            turn = try directory.backUp(database, now: now) { _ in if isToldToEnd() { throw GivenUp() } }
        } catch is GivenUp {
            return log.info("a backup was given up, as this process ends")
        }
        log.info(
            "backed up",
            metadata: [
                "file": "\(turn.entry.path)", "bytes": "\(turn.written.bytes)", "removed": "\(turn.removed.count)",
            ]
        )
    }

    private struct GivenUp: Error {}
}
