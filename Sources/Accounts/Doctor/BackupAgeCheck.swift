package import Database
internal import Linux

/// Whether the newest of the backups that are made by themselves is as new as it should be.
package struct BackupAgeCheck: Check {
    private let directory: BackupDirectory
    private let interval: Duration
    private let now: Int64

    /// Names the directory and how often there is a new one; `now` in microseconds since 1970 UTC.
    package init(directory: BackupDirectory, interval: Duration, now: Int64) {
        self.directory = directory
        self.interval = interval
        self.now = now
    }

    package func run() -> [Finding] {
        let remedy =
            "look for \"task\":\"backup\" in the events of the pool, and at the room and the owner of the directory"
        do {
            guard let newest = try directory.entries().last else {
                return [.warning("backup", "there is no backup in \(directory.path) yet", remedy: remedy)]
            }
            let age = Duration.microseconds(now - newest.takenAt)
            // One that is being written, or waits for the next look, is not late.
            let isLate = age > interval * 2 + .seconds(60)
            let message = "the newest backup is \(newest.path), \(hours(age)) h old"
            return [isLate ? .warning("backup", message, remedy: remedy) : .ok("backup", message)]
        } catch {
            return [.warning("backup", "\(error)", remedy: remedy)]
        }
    }

    private func hours(_ age: Duration) -> Int64 { age.components.seconds / 3600 }
}
