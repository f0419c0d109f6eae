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
    /// Takes as long as the copy does; checkpoints wait meanwhile, writers do not.
    func run(_ database: DatabaseOptions, log: Logger) throws {
        let now = SystemClock.realtimeMicroseconds()
        guard try directory.isDue(every: interval, now: now) else { return }
        let turn = try directory.backUp(database, now: now)
        log.info(
            "backed up",
            metadata: [
                "file": "\(turn.entry.path)", "bytes": "\(turn.written.bytes)", "removed": "\(turn.removed.count)",
            ]
        )
    }
}
