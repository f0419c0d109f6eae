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

    /// How long the write-ahead log is by its index in shared memory: nothing is locked, copied or asked of the system.
    ///
    /// Of some moment of the call: writers go on. Nil where the index has not been made yet, which the first statement of
    /// any connection does. The index is described in https://sqlite.org/walformat.html, 2.1.
    ///
    /// - Throws: what mapping the index fails with.
    public func logLength() throws(SQLiteError) -> WriteAheadLogLength? {
        var pointer: UnsafeMutablePointer<sqlite3_file>?
        // Sound: the handle is open, and for this operation SQLite stores one pointer.
        let code = unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &pointer)
        // Sound: the file belongs to the connection and lives as long, its table of methods for ever; from version 2 on that
        // has methods for shared memory.
        guard code == SQLITE_OK, let file = unsafe pointer, let methods = unsafe file.pointee.pMethods,
            unsafe methods.pointee.iVersion >= 2, let map = unsafe methods.pointee.xShmMap
        else {
            throw SQLiteError(code: .misuse, message: "there is no index of a log", statement: "log length")
        }
        var region: UnsafeMutableRawPointer?
        // Sound: as above; the connection belongs to this thread. SQLite's own regions have this size, and stay mapped until
        // the connection is closed. It is not extended here: no region where the index is shorter.
        let result = unsafe map(file, 0, 32_768, 0, &region)
        guard result == SQLITE_OK else {
            let code = ResultCode(rawValue: result)
            throw SQLiteError(code: code, message: "the index of the log cannot be mapped", statement: "log length")
        }
        guard let header = unsafe region else { return nil }
        // Sound: the region is longer than its header. Other processes write it meanwhile, each number in one piece.
        let index = unsafe UnsafeRawBufferPointer(start: header, count: WriteAheadLogLength.header)
        return unsafe WriteAheadLogLength(index: index)
    }
}
