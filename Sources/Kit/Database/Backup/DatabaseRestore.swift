internal import Linux
internal import SQLite

/// Puts a backup in the place of a database.
public enum DatabaseRestore {
    /// A backup that is now the database.
    public struct Restored: Hashable, Sendable {
        /// The size of the database in bytes.
        public let bytes: Int
        /// How long it took.
        public let duration: Duration
        /// Where the database before lies, if there was one; its write-ahead log lies beside it.
        public let kept: String?
    }

    /// Copies a backup beside the database, and lets it take the database's name once it is whole and on the disk.
    ///
    /// The caller has checked the backup (``DatabaseBackup/check(_:for:)``) and holds whatever keeps others from the
    /// database. The database before is moved aside together with its log: a log that stayed would be taken for one of
    /// the new file. Where that fails everything is moved back. Of a process that ends in the middle no database may be
    /// left under its name; the same call then does the rest.
    ///
    /// - Parameters:
    ///   - backup: The file, which stays.
    ///   - options: The database whose place it takes.
    ///   - aside: The path to which the database before is moved.
    ///   - progress: Hears how far the copy is; it may throw to give up, after which nothing has changed.
    /// - Returns: The size, the time, and where the database before is.
    /// - Throws: ``DatabaseFileError/taken(path:)`` where something is at `aside`; ``DatabaseError``; `SystemError`;
    ///   or what `progress` throws.
    public static func run(
        from backup: String,
        to options: DatabaseOptions,
        movingAsideTo aside: String,
        progress: (DatabaseBackup.Progress) throws -> Void = { _ in }
    ) throws -> Restored {
        let start = ContinuousClock.now
        guard !Files.exists(aside), !Files.exists("\(aside)-wal") else { throw DatabaseFileError.taken(path: aside) }
        let copy = "\(options.path).restored"
        defer { try? Files.remove(copy) }
        let written = try copyBackup(backup, to: copy, progress)
        let hadDatabase = Files.exists(options.path)
        try exchange(options.path, for: copy, aside)
        return Restored(
            bytes: written.bytes,
            duration: start.duration(to: .now),
            kept: hadDatabase ? aside : nil
        )
    }

    private static func copyBackup(
        _ backup: String,
        to copy: String,
        _ progress: (DatabaseBackup.Progress) throws -> Void
    ) throws -> DatabaseBackup.Written {
        guard Files.exists(backup) else { throw DatabaseFileError.missing(path: backup) }
        do {
            return try DatabaseBackup.copy(try DatabaseBackup.open(backup), to: copy, replacing: true, progress)
        } catch let error as SQLiteError {
            throw DatabaseError(error)
        }
    }

    private static func exchange(_ database: String, for copy: String, _ aside: String) throws(SystemError) {
        var moved: [String] = []
        do throws(SystemError) {
            for part in ["", "-wal", "-journal"] where Files.exists(database + part) {
                try Files.rename(database + part, to: aside + part)
                moved.append(part)
            }
            // The index of the log, which whoever opens the database makes anew.
            try Files.remove("\(database)-shm")
            try Files.publish(copy, as: database, replacing: false)
        } catch {
            for part in moved.reversed() { try? Files.rename(aside + part, to: database + part) }
            throw error
        }
    }
}
