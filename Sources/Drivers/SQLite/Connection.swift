internal import CSQLite
internal import Glibc

/// One connection to a database file.
///
/// For one thread: opened without SQLite's mutexes, so a thread opens its own
/// and keeps it. Never carry one over a fork: the child would share file locks
/// and log index with the parent. Only ``interrupter`` may go to other threads.
///
/// A connection may be closed before its statements; the file is let go of when
/// the last of them has gone, and until then they wait for no lock.
@safe public struct Connection: ~Copyable {
    // Not handed out: all unsafe use is in this module.
    let handle: OpaquePointer
    private let busyWait: BusyWait

    /// Ends the statements that run on this connection, from any thread.
    public let interrupter: Interrupter

    /// Opens a database file in write-ahead mode, and makes it if it may.
    ///
    /// Fixed settings, beside those of the options: foreign keys on; schema not
    /// trusted; double-quoted text is never a string; defensive (no SQL can
    /// damage the file); temporary tables in memory; no memory mapping of the
    /// file; no automatic checkpoint, neither after a commit nor at close, for
    /// the versions below 3.51.3 can lose commits when a checkpoint runs beside
    /// a writer (https://sqlite.org/wal.html#walresetbug).
    ///
    /// - Parameters:
    ///   - path: A plain path; `:memory:` and `file:` have no meaning.
    ///   - options: What can be chosen.
    /// - Throws: `cannotOpen`, `notADatabase`, or `busy` when another connection
    ///   keeps the file locked beyond the timeout.
    public init(path: String, options: ConnectionOptions = ConnectionOptions()) throws(SQLiteError) {
        Library.setUp
        // Sound: a new handle that nobody else knows.
        let connection = unsafe Connection(
            try Self.openHandle(path: path, options: options),
            busyTimeout: options.busyTimeout
        )
        try connection.configure(options)
        self = connection
    }

    /// Makes a file for a copy of another database; with SQLite's own settings.
    init(newFileAt path: String) throws(SQLiteError) {
        Library.setUp
        let options = ConnectionOptions()
        // Sound: a new handle that nobody else knows.
        self = unsafe Connection(
            try Self.openHandle(path: path, options: options),
            busyTimeout: options.busyTimeout
        )
    }

    /// Takes over an open connection that nobody else closes.
    @unsafe private init(_ database: OpaquePointer, busyTimeout: Duration) {
        unsafe handle = database
        unsafe interrupter = Interrupter(database)
        busyWait = BusyWait(timeout: busyTimeout, interrupter: interrupter)
        // Sound: `deinit` takes the object out before it lets go of it.
        unsafe busyWait.install(on: database)
    }

    deinit {
        interrupter.detach()
        // Sound: the only place that closes the handle. Statements that are
        // left keep the connection alive inside SQLite until they go, but not
        // the object by which it waits.
        unsafe sqlite3_busy_handler(handle, nil, nil)
        unsafe sqlite3_close_v2(handle)
    }

    /// Whether a transaction is open.
    public var isInTransaction: Bool {
        // Sound: the handle is open as long as this value lives.
        unsafe sqlite3_get_autocommit(handle) == 0
    }

    /// How many rows the last INSERT, UPDATE or DELETE changed.
    public var changes: Int {
        // Sound: as above.
        Int(unsafe sqlite3_changes64(handle))
    }

    /// Compiles one statement, to be kept and used again.
    ///
    /// - Parameters:
    ///   - sql: One statement; text after it other than comments is refused.
    ///   - id: What errors call the statement.
    /// - Returns: The statement, before its first row.
    /// - Throws: Most often `error`, for wrong SQL.
    public func prepare(_ sql: String, id: String) throws(SQLiteError) -> Statement {
        let (statement, rest) = try compile(sql, id: id)
        guard let statement else {
            throw SQLiteError(code: .misuse, message: "there is no statement in the text", statement: id)
        }
        var remainder = rest
        while !remainder.isEmpty {
            let (next, rest) = try compile(remainder, id: id)
            guard next == nil else {
                throw SQLiteError(code: .misuse, message: "there is more than one statement", statement: id)
            }
            remainder = rest
        }
        return statement
    }

    /// Runs the statements of a text one after the other, without parameters.
    ///
    /// Rows that they return are dropped. Those before one that fails have
    /// taken effect, unless a transaction is open.
    public func execute(_ script: String, id: String) throws(SQLiteError) {
        var remainder = script
        while !remainder.isEmpty {
            let (statement, rest) = try compile(remainder, id: id)
            if let statement {
                while try statement.step() {}
            }
            remainder = rest
        }
    }

    /// Switches the enforcement of foreign keys, which is on at first.
    ///
    /// Without effect while a transaction is open.
    public func enforceForeignKeys(_ isOn: Bool) throws(SQLiteError) {
        try setFlag(SQLITE_DBCONFIG_ENABLE_FKEY, isOn)
    }

    /// Lets SQL write the texts of the schema (`PRAGMA writable_schema`), or no longer, as at first.
    ///
    /// Whoever does so must know what the file holds: an error damages it.
    public func allowSchemaEdits(_ isOn: Bool) throws(SQLiteError) {
        try setFlag(SQLITE_DBCONFIG_DEFENSIVE, !isOn)
    }

    /// Copies the write-ahead log into the database file, as far as readers allow.
    ///
    /// It waits for nobody (PASSIVE). On versions below 3.51.3 only while another
    /// connection holds the write lock and does not write: the `Database`
    /// module's checkpointer sees to it.
    ///
    /// - Returns: How many frames the log has, and how many of them are now in
    ///   the database file.
    /// - Throws: `busy` if another connection is at it.
    public func checkpoint() throws(SQLiteError) -> (logFrames: Int, copiedFrames: Int) {
        var logFrames: Int32 = 0
        var copiedFrames: Int32 = 0
        // Sound: the handle is open; the results go to local variables.
        let code = unsafe sqlite3_wal_checkpoint_v2(
            handle,
            "main",
            SQLITE_CHECKPOINT_PASSIVE,
            &logFrames,
            &copiedFrames
        )
        guard code == SQLITE_OK else {
            throw unsafe SQLiteError(code, in: handle, statement: "checkpoint")
        }
        return (Int(logFrames), Int(copiedFrames))
    }
}

extension Connection {
    /// Compiles the first statement of a text.
    ///
    /// - Returns: No statement if there are only blanks and comments; and the
    ///   text that follows.
    private func compile(_ sql: String, id: String) throws(SQLiteError) -> (statement: Statement?, rest: String) {
        guard sql.utf8.count < Int(Int32.max), !sql.utf8.contains(0) else {
            throw SQLiteError(code: .misuse, message: "the text is too long or contains NUL", statement: id)
        }
        var text = sql
        var statement: OpaquePointer?
        // Sound: SQLite reads no more than the bytes it is given and keeps a
        // copy; `tail` points into the same bytes, or to their end.
        let (code, consumed) = text.withUTF8 { bytes -> (Int32, Int) in
            guard let start = bytes.baseAddress else { return (SQLITE_OK, 0) }
            return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
                var tail: UnsafePointer<CChar>?
                let code = unsafe sqlite3_prepare_v3(
                    handle,
                    start,
                    Int32(bytes.count),
                    UInt32(SQLITE_PREPARE_PERSISTENT),
                    &statement,
                    &tail
                )
                return (code, unsafe tail.map { unsafe $0 - start } ?? bytes.count)
            }
        }
        guard code == SQLITE_OK else {
            throw unsafe SQLiteError(code, in: handle, statement: id)
        }
        let rest = String(decoding: sql.utf8.dropFirst(consumed), as: UTF8.self)
        return (unsafe statement.map { unsafe Statement($0, id: id) }, rest)
    }

    private static func openHandle(
        path: String,
        options: ConnectionOptions
    ) throws(SQLiteError) -> OpaquePointer {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw SQLiteError(code: .cannotOpen, message: "the path is empty or contains NUL", statement: "open")
        }
        // SQLite has other readings of names that begin with a colon or "file:".
        let file = path.hasPrefix("/") ? path : "./" + path
        if options.access == .create {
            // SQLite would make the file readable for others. mknod opens no
            // descriptor: closing one would let go of the locks that another
            // connection of this process holds on the same file. That it
            // exists already is as good; other failures show up in the open.
            // Sound: the path is a terminated string for the time of the call.
            _ = unsafe mknod(file, S_IFREG | 0o600, 0)
        }
        let access = options.access.mayWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
        var flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        if options.access == .unchanging { flags |= SQLITE_OPEN_URI }
        let name = options.access == .unchanging ? immutableName(of: file) : file
        var database: OpaquePointer?
        // Sound: the name as the path above, the result goes to a local variable.
        let code = unsafe sqlite3_open_v2(name, &database, flags, nil)
        guard code == SQLITE_OK, let opened = unsafe database else {
            let error = unsafe SQLiteError(code, in: database, statement: "open")
            // Sound: a failed open leaves a handle that must be closed, or nil.
            unsafe sqlite3_close_v2(database)
            throw error
        }
        return unsafe opened
    }

    /// The path as a URI by which SQLite takes the file for one that nobody changes (https://sqlite.org/uri.html).
    private static func immutableName(of file: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var name = Array("file:".utf8)
        for byte in file.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                name.append(byte)
            default: name += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: name, as: UTF8.self) + "?immutable=1"
    }

    private func configure(_ options: ConnectionOptions) throws(SQLiteError) {
        try setFlag(SQLITE_DBCONFIG_ENABLE_FKEY, true)
        try setFlag(SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)
        try setFlag(SQLITE_DBCONFIG_DQS_DML, false)
        try setFlag(SQLITE_DBCONFIG_DQS_DDL, false)
        try setFlag(SQLITE_DBCONFIG_DEFENSIVE, true)
        try setFlag(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        if options.access.mayWrite {
            try enterWriteAheadMode(timeout: options.busyTimeout)
        }
        try execute(
            """
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA synchronous = \(options.synchronous.rawValue);
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -\(max(options.cacheBytes, 0) / 1024);
            PRAGMA mmap_size = 0;
            PRAGMA journal_size_limit = \(max(options.journalSizeLimit, 0));
            """,
            id: "open"
        )
    }

    private func setFlag(_ option: Int32, _ isOn: Bool) throws(SQLiteError) {
        // Sound: the handle is open, and each option passed here takes one flag.
        let code = unsafe csqlite_set_flag(handle, option, isOn ? 1 : 0)
        guard code == SQLITE_OK else {
            throw unsafe SQLiteError(code, in: handle, statement: "configure")
        }
    }

    /// The mode is kept in the file, so this changes something only once.
    ///
    /// SQLite does not wait for the locks of that one change when waiting could
    /// be a deadlock; so several connections that open a new file have to try
    /// again here.
    private func enterWriteAheadMode(timeout: Duration) throws(SQLiteError) {
        let deadline = ContinuousClock.now + timeout
        while true {
            do throws(SQLiteError) {
                let pragma = try prepare("PRAGMA journal_mode = WAL", id: "open")
                guard try pragma.step(), try pragma.string(at: 0) == "wal" else {
                    throw SQLiteError(
                        code: .cannotOpen,
                        message: "no write-ahead log is possible on this file",
                        statement: "open"
                    )
                }
                return
            } catch {
                guard error.code.primary == .busy, ContinuousClock.now < deadline else { throw error }
                sqlite3_sleep(1)
            }
        }
    }
}
