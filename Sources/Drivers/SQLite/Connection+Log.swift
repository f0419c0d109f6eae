internal import CSQLite

extension Connection {
    /// Brings all that any connection has written to the write-ahead log so far to the disk.
    ///
    /// It is the call by which SQLite itself syncs the log after a commit with ``ConnectionOptions/Synchronous/full``, on
    /// the same descriptor: fdatasync(2), the first time also fsync(2) of the directory. Blocks until the disk is done.
    ///
    /// - Throws: `inputOutput`. The system tells each open file once and takes what could not be written for written
    ///   from then on: a later success says nothing about what was lost.
    public func syncLog() throws(SQLiteError) {
        var pointer: UnsafeMutablePointer<sqlite3_file>?
        // Sound: the handle is open, and for this operation SQLite stores one pointer.
        let code = unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &pointer)
        // Sound: the file belongs to the connection and lives as long, its table of methods for ever; without a log that
        // is open there is no table.
        guard code == SQLITE_OK, let file = unsafe pointer, let methods = unsafe file.pointee.pMethods,
            let sync = unsafe methods.pointee.xSync
        else {
            throw SQLiteError(code: .misuse, message: "no write-ahead log is open", statement: "sync")
        }
        // Sound: as above; the connection belongs to this thread.
        let result = unsafe sync(file, SQLITE_SYNC_NORMAL)
        guard result == SQLITE_OK else {
            let code = ResultCode(rawValue: result)
            throw SQLiteError(code: code, message: "the write-ahead log could not be synced", statement: "sync")
        }
    }

    /// Copies all of the write-ahead log into the database file, syncs that, and cuts the log to nothing (TRUNCATE).
    ///
    /// Waits for readers and writers up to the connection's timeout. On versions below 3.51.3 only where nobody writes
    /// meanwhile, as with ``checkpoint()``.
    ///
    /// - Throws: `busy` where somebody still needs the log; `inputOutput`.
    public func emptyLog() throws(SQLiteError) {
        // Sound: the handle is open, and nothing is asked back.
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        guard code == SQLITE_OK else { throw unsafe SQLiteError(code, in: handle, statement: "empty the log") }
    }
}
