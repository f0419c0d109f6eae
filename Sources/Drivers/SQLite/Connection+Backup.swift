internal import CSQLite

/// How far a copy of a database is.
public struct BackupProgress: Hashable, Sendable {
    /// The pages that have been copied.
    public let copiedPages: Int
    /// The pages that there are to copy.
    public let pages: Int
}

extension Connection {
    /// Copies the whole database, as it is at this moment, into a new file.
    ///
    /// Others read and write meanwhile, in this process and in others; nothing of what they commit after the beginning
    /// is in the copy. To that end the connection keeps one snapshot from the first page to the last: without it SQLite
    /// begins anew at the first page whenever another connection has committed, and under load never comes to an end
    /// (https://sqlite.org/backup.html). While the snapshot is held the write-ahead log cannot start anew, and grows by
    /// what is written.
    ///
    /// The copy is one file without a log, in rollback mode. It is written without a journal and without syncs: whoever
    /// asked makes it durable, and throws away what is not whole. Blocks until it is done.
    ///
    /// - Parameters:
    ///   - path: The file to make (mode 0600); nothing else may use it, and it must not exist.
    ///   - pagesPerStep: How many pages are copied between two calls of `progress`.
    ///   - progress: Hears how far the copy is, after each step; it may throw to give up.
    /// - Throws: ``SQLiteError``, or what `progress` throws; part of the file is there then.
    public func copyDatabase(
        to path: String,
        pagesPerStep: Int = 256,
        progress: (BackupProgress) throws -> Void
    ) throws {
        let target = try Connection(newFileAt: path)
        try target.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;", id: "backup")
        try execute("BEGIN", id: "backup")
        defer { try? execute("ROLLBACK", id: "backup") }
        // BEGIN alone takes no snapshot; the first read does.
        try execute("SELECT count(*) FROM sqlite_schema", id: "backup")
        try copyPages(to: target, max(1, pagesPerStep), progress)
        // The pages are the source's, its mode among them: without this the copy would want a log beside it.
        try target.execute("PRAGMA journal_mode = DELETE", id: "backup")
    }

    private func copyPages(
        to target: borrowing Connection,
        _ pagesPerStep: Int,
        _ progress: (BackupProgress) throws -> Void
    ) throws {
        // Sound: both connections are borrowed beyond the end of the backup, which every way out of here calls, and
        // nobody else uses the target meanwhile (sqlite.org/c3ref/backup_finish.html).
        guard let backup = unsafe sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw unsafe SQLiteError(sqlite3_extended_errcode(target.handle), in: target.handle, statement: "backup")
        }
        var code = SQLITE_OK
        do {
            defer { unsafe sqlite3_backup_finish(backup) }
            while code == SQLITE_OK {
                code = unsafe sqlite3_backup_step(backup, Int32(clamping: pagesPerStep))
                let pages = Int(unsafe sqlite3_backup_pagecount(backup))
                let left = Int(unsafe sqlite3_backup_remaining(backup))
                if code == SQLITE_OK || code == SQLITE_DONE {
                    try progress(BackupProgress(copiedPages: pages - left, pages: pages))
                }
            }
        }
        // The code is the step's own; which of the two connections has a message for it is not told.
        guard code == SQLITE_DONE else { throw unsafe SQLiteError(code, in: nil, statement: "backup") }
    }
}
