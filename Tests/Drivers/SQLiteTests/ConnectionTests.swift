import LinuxTestSupport
import SQLite
import Synchronization
import Testing

struct ConnectionTests {
    let scratch = ScratchDatabase()

    @Test(arguments: [
        ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("trusted_schema", "0"),
        ("temp_store", "2"), ("cache_size", "-2048"), ("mmap_size", "0"), ("journal_size_limit", "4194304"),
        ("wal_autocheckpoint", "0"),
    ])
    func `settings are in force`(pragma: String, value: String) throws {
        let connection = try scratch.open()
        #expect(try connection.pragma(pragma) == value)
    }

    @Test func `options are in force`() throws {
        let options = ConnectionOptions(synchronous: .normal, cacheBytes: 64 << 10, journalSizeLimit: 1 << 20)
        let connection = try scratch.open(options)
        #expect(try connection.pragma("synchronous") == "1")
        #expect(try connection.pragma("cache_size") == "-64")
        #expect(try connection.pragma("journal_size_limit") == "1048576")
    }

    @Test func `a new database can be read by its owner only`() throws {
        let connection = try scratch.open()
        try connection.execute("CREATE TABLE t (a)", id: "test")
        #expect(scratch.permissions("") == 0o600)
        #expect(scratch.permissions("-wal") == 0o600)
        #expect(scratch.permissions("-shm") == 0o600)
    }

    @Test func `the last connection to close leaves the log alone`() throws {
        do {
            let connection = try scratch.open()
            try connection.execute("CREATE TABLE t (a)", id: "test")
        }
        #expect(WriteAheadLogFile(ofDatabaseAt: scratch.path).bytes > 0)
        let connection = try scratch.open()
        #expect(try connection.value("SELECT count(*) FROM t") == "0")
    }

    @Test func `SQL cannot damage the schema`() throws {
        let connection = try scratch.open()
        try connection.execute("CREATE TABLE t (a); PRAGMA writable_schema = ON;", id: "test")
        let error = #expect(throws: SQLiteError.self) {
            try connection.execute("DELETE FROM sqlite_schema", id: "test")
        }
        #expect(error?.code == .error)
    }

    @Test func `double-quoted text is not a string`() throws {
        let connection = try scratch.open()
        #expect(throws: SQLiteError.self) { try connection.value("SELECT \"no such column\"") }
    }

    @Test(arguments: ["", "/nowhere/at/all.db", "with\0nul"])
    func `a path that cannot be opened is refused`(path: String) {
        let error = #expect(throws: SQLiteError.self) { _ = try Connection(path: path) }
        #expect(error?.code.primary == .cannotOpen)
    }

    @Test func `a file that is to exist is not made`() {
        let error = #expect(throws: SQLiteError.self) {
            _ = try scratch.open(ConnectionOptions(access: .readWrite))
        }
        #expect(error?.code.primary == .cannotOpen)
        #expect(scratch.permissions("") == nil)
    }

    @Test func `a read-only connection reads and does not write`() throws {
        let writer = try scratch.open()
        try writer.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)", id: "test")
        let reader = try scratch.open(ConnectionOptions(access: .readOnly))
        #expect(try reader.value("SELECT a FROM t") == "1")
        let error = #expect(throws: SQLiteError.self) { try reader.execute("INSERT INTO t VALUES (2)", id: "test") }
        #expect(error?.code.primary == .readOnly)
    }

    @Test func `a file that is no database is refused`() throws {
        do {
            let connection = try scratch.open()
            try connection.execute("CREATE TABLE t (a)", id: "test")
        }
        // Its own log's index is no database, and is there to be opened.
        let error = #expect(throws: SQLiteError.self) { _ = try Connection(path: scratch.path + "-wal") }
        #expect(error?.code == .notADatabase)
    }

    @Test func `many connections can open a new file at once`() throws {
        let failures = Mutex<[String]>([])
        let path = scratch.path
        try onThreads(8) { _ in
            do {
                let connection = try Connection(path: path)
                try connection.execute("CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1)", id: "test")
            } catch {
                failures.withLock { $0.append(String(describing: error)) }
            }
        }
        #expect(failures.withLock { $0 } == [])
    }

    @Test func `a lock held by another is waited for, but not for ever`() throws {
        let holder = try scratch.open()
        try holder.execute("CREATE TABLE t (a); BEGIN IMMEDIATE", id: "test")
        let waiter = try scratch.open(ConnectionOptions(busyTimeout: .milliseconds(100)))
        let clock = ContinuousClock()
        let start = clock.now
        let error = #expect(throws: SQLiteError.self) { try waiter.execute("BEGIN IMMEDIATE", id: "wait") }
        let elapsed = start.duration(to: clock.now)
        #expect(error?.code == .busy)
        #expect(error?.statement == "wait")
        #expect(elapsed >= .milliseconds(100))
        #expect(elapsed < .seconds(5))
        try holder.execute("COMMIT", id: "test")
        try waiter.execute("BEGIN IMMEDIATE; COMMIT", id: "wait")
    }

    @Test func `several statements run one after the other`() throws {
        let connection = try scratch.open()
        try connection.execute(
            "-- a table\nCREATE TABLE t (a); INSERT INTO t VALUES (1), (2);\n SELECT * FROM t; -- end\n",
            id: "script"
        )
        let changes = connection.changes
        #expect(changes == 2)
        #expect(try connection.value("SELECT sum(a) FROM t") == "3")
    }

    @Test func `a prepared text holds exactly one statement`() throws {
        let connection = try scratch.open()
        _ = try connection.prepare("SELECT 1; -- that is all\n", id: "one")
        for text in ["SELECT 1; SELECT 2", "-- nothing", "", "SELECT 1\0"] {
            let error = #expect(throws: SQLiteError.self) { _ = try connection.prepare(text, id: "not one") }
            #expect(error?.code == .misuse)
        }
    }

    @Test func `an open transaction is seen`() throws {
        let connection = try scratch.open()
        var seen = [connection.isInTransaction]
        try connection.execute("BEGIN", id: "test")
        seen.append(connection.isInTransaction)
        try connection.execute("ROLLBACK", id: "test")
        seen.append(connection.isInTransaction)
        #expect(seen == [false, true, false])
    }

    @Test func `a plan can be read without values for the parameters`() throws {
        let connection = try scratch.open()
        try connection.execute("CREATE TABLE t (a); CREATE INDEX t_a ON t (a)", id: "test")
        let plan = try connection.queryPlan(of: "SELECT rowid FROM t WHERE a = ?1", id: "plan")
        #expect(plan.map(\.detail) == ["SEARCH t USING COVERING INDEX t_a (a=?)"])
    }

    @Test func `the log's file tells whether anything was written`() throws {
        let connection = try scratch.open()
        try connection.execute("CREATE TABLE t (a)", id: "test")
        let before = WriteAheadLogFile(ofDatabaseAt: scratch.path)
        #expect(before == WriteAheadLogFile(ofDatabaseAt: scratch.path))
        try connection.execute("INSERT INTO t VALUES (1)", id: "test")
        #expect(before != WriteAheadLogFile(ofDatabaseAt: scratch.path))
    }

    @Test func `the log's index tells how much it holds, and how much was copied back`() throws {
        let connection = try scratch.open()
        let other = try scratch.open()
        try connection.execute("CREATE TABLE t (a)", id: "test")
        let made = try #require(try other.logLength())
        #expect(made.frames >= 2)
        #expect(made.copiedFrames == 0)
        #expect(made.bytes == WriteAheadLogFile(ofDatabaseAt: scratch.path).bytes)
        #expect(!made.isCopied)
        // Nobody writes meanwhile.
        #expect(try other.checkpoint() == (made.frames, made.frames))
        #expect(try #require(try connection.logLength()).isCopied)
        try connection.execute("INSERT INTO t VALUES (1)", id: "test")
        let begun = try #require(try other.logLength())
        #expect(begun.frames == 1)
        #expect(begun.copiedFrames == 0)
        #expect(begun.bytes < WriteAheadLogFile(ofDatabaseAt: scratch.path).bytes)
    }

    @Test func `the library tells its version`() {
        #expect(Library.version.hasPrefix("3."))
    }
}
