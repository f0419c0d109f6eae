import LinuxTestSupport
import SQLite
import Synchronization
import Testing

struct StatementTests {
    let scratch = ScratchDatabase()

    @Test(arguments: [
        "", "plain", "U+0000 \0 in the middle", "\0", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", "\u{FFFD}",
        "e\u{301} is not \u{E9}", "\u{FEFF}\u{202E}\u{10FFFF}", String(repeating: "long ", count: 20_000),
    ])
    func `text comes back as it was stored`(text: String) throws {
        let connection = try scratch.open()
        let echo = try connection.prepare("SELECT ?1, length(CAST(?1 AS BLOB))", id: "echo")
        try echo.bind(text, at: 1)
        #expect(try echo.step())
        #expect(Array(try echo.string(at: 0).utf8) == Array(text.utf8))
        #expect(try echo.int64(at: 1) == Int64(text.utf8.count))
        #expect(try echo.withText(at: 0) { $0.count } == text.utf8.count)
    }

    @Test(arguments: [[], [0], [0xFF, 0, 0xFE], Array(repeating: 7, count: 100_000)] as [[UInt8]])
    func `bytes come back as they were stored`(bytes: [UInt8]) throws {
        let connection = try scratch.open()
        let echo = try connection.prepare("SELECT ?1", id: "echo")
        try echo.bind(bytes, at: 1)
        #expect(try echo.step())
        #expect(!echo.isNull(at: 0))
        #expect(try echo.bytes(at: 0) == bytes)
        let sum = try echo.withBytes(at: 0) { span in span.indices.reduce(0) { $0 + Int(span[$1]) } }
        #expect(sum == bytes.reduce(0) { $0 + Int($1) })
    }

    @Test(arguments: [Int64.min, -1, 0, 1, Int64.max])
    func `integers come back as they were stored`(integer: Int64) throws {
        let connection = try scratch.open()
        let echo = try connection.prepare("SELECT ?1", id: "echo")
        try echo.bind(integer, at: 1)
        #expect(try echo.step())
        #expect(try echo.int64(at: 0) == integer)
        #expect(try echo.optionalInt64(at: 0) == integer)
    }

    @Test(arguments: [0.0, -1.5, .infinity, .leastNonzeroMagnitude])
    func `numbers come back as they were stored`(number: Double) throws {
        let connection = try scratch.open()
        let echo = try connection.prepare("SELECT ?1", id: "echo")
        try echo.bind(number, at: 1)
        #expect(try echo.step())
        #expect(try echo.double(at: 0) == number)
    }

    @Test func `NULL is nil where that is asked for, and refused elsewhere`() throws {
        let connection = try scratch.open()
        let echo = try connection.prepare("SELECT ?1", id: "echo")
        try echo.bindNull(at: 1)
        #expect(try echo.step())
        #expect(echo.isNull(at: 0))
        #expect(try echo.optionalInt64(at: 0) == nil)
        #expect(try echo.optionalDouble(at: 0) == nil)
        #expect(try echo.optionalString(at: 0) == nil)
        #expect(try echo.optionalBytes(at: 0) == nil)
        let refusals = [
            #expect(throws: SQLiteError.self) { try echo.int64(at: 0) },
            #expect(throws: SQLiteError.self) { try echo.double(at: 0) },
            #expect(throws: SQLiteError.self) { try echo.string(at: 0) },
            #expect(throws: SQLiteError.self) { try echo.bytes(at: 0) },
        ]
        #expect(refusals.allSatisfy { $0?.code == .mismatch })
    }

    @Test func `a column is never converted`() throws {
        let connection = try scratch.open()
        let row = try connection.prepare("SELECT '12', 12, x'3132', 1.5", id: "row")
        #expect(try row.step())
        #expect(throws: SQLiteError.self) { try row.int64(at: 0) }
        #expect(throws: SQLiteError.self) { try row.bytes(at: 0) }
        #expect(throws: SQLiteError.self) { try row.string(at: 1) }
        #expect(throws: SQLiteError.self) { try row.string(at: 2) }
        #expect(throws: SQLiteError.self) { try row.int64(at: 3) }
        #expect(try row.double(at: 1) == 12)
    }

    @Test func `a column or row that is not there is refused`() throws {
        let connection = try scratch.open()
        let row = try connection.prepare("SELECT 1", id: "row")
        #expect(throws: SQLiteError.self) { try row.int64(at: 0) }
        #expect(try row.step())
        for column in [-1, 1, .max] {
            #expect(throws: SQLiteError.self) { try row.int64(at: column) }
        }
        #expect(try !row.step())
        #expect(throws: SQLiteError.self) { try row.int64(at: 0) }
    }

    @Test(arguments: [0, 2, -1, Int.max])
    func `a parameter that is not there is refused`(parameter: Int) throws {
        let connection = try scratch.open()
        let statement = try connection.prepare("SELECT ?1", id: "echo")
        let error = #expect(throws: SQLiteError.self) { try statement.bind("x", at: parameter) }
        #expect(error?.code == .range)
    }

    @Test func `values stay bound over a reset until they are cleared`() throws {
        let connection = try scratch.open()
        let echo = try connection.prepare("SELECT ?1", id: "echo")
        try echo.bind("kept", at: 1)
        _ = try echo.step()
        #expect(echo.isRunning)
        echo.reset()
        #expect(!echo.isRunning)
        _ = try echo.step()
        #expect(try echo.string(at: 0) == "kept")
        echo.reset()
        echo.clearBindings()
        _ = try echo.step()
        #expect(echo.isNull(at: 0))
    }

    @Test func `a statement knows its shape`() throws {
        let connection = try scratch.open()
        try connection.execute("CREATE TABLE t (a, b)", id: "test")
        let query = try connection.prepare("SELECT a, b FROM t WHERE a = ?1", id: "query")
        #expect((query.parameterCount, query.columnCount, query.isReadOnly) == (1, 2, true))
        let insertion = try connection.prepare("INSERT INTO t VALUES (?1, ?2)", id: "insertion")
        #expect((insertion.parameterCount, insertion.columnCount, insertion.isReadOnly) == (2, 0, false))
    }

    @Test func `an error has the extended code, a message and the statement's id`() throws {
        let connection = try scratch.open()
        try connection.execute("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)", id: "test")
        let insertion = try connection.prepare("INSERT INTO t VALUES (1)", id: "t.insert")
        let error = #expect(throws: SQLiteError.self) { try insertion.step() }
        #expect(error?.code == .constraintUnique)
        #expect(error?.code.primary == .constraint)
        #expect(error?.statement == "t.insert")
        #expect(error?.message.hasSuffix("t.a") == true)
    }

    @Test func `a statement outlives its connection`() throws {
        func statement() throws -> Statement {
            let connection = try scratch.open()
            return try connection.prepare("SELECT 42", id: "late")
        }
        let late = try statement()
        #expect(try late.step())
        #expect(try late.int64(at: 0) == 42)
    }

    @Test func `a statement that outlives its connection waits for no lock`() throws {
        func statement() throws -> Statement {
            let connection = try scratch.open()
            return try connection.prepare("BEGIN IMMEDIATE", id: "late")
        }
        let late = try statement()
        let holder = try scratch.open()
        try holder.execute("BEGIN IMMEDIATE", id: "holder")
        let error = #expect(throws: SQLiteError.self) { try late.step() }
        #expect(error?.code == .busy)
    }

    @Test func `an interrupt from another thread ends a statement`() throws {
        let connection = try scratch.open()
        let endless = try connection.prepare(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
            id: "endless"
        )
        // Running since its first row, so the interrupt cannot come too early.
        #expect(try endless.step())
        let interrupter = connection.interrupter
        try onThreads(1) { _ in interrupter.interrupt() }
        let error = #expect(throws: SQLiteError.self) { while try endless.step() {} }
        #expect(error?.code == .interrupted)
        endless.reset()
        #expect(try endless.step())
    }

    @Test func `an interrupt from another thread ends a wait for a lock`() throws {
        let holder = try scratch.open()
        try holder.execute("BEGIN IMMEDIATE", id: "holder")
        let path = scratch.path
        let interrupter = Mutex<Interrupter?>(nil)
        let code = Mutex<ResultCode?>(nil)
        try onThreads(2) { number in
            if number == 0 {
                do {
                    let waiter = try Connection(path: path, options: ConnectionOptions(busyTimeout: .seconds(600)))
                    interrupter.withLock { $0 = waiter.interrupter }
                    try waiter.execute("BEGIN IMMEDIATE", id: "waiter")
                } catch let error as SQLiteError {
                    code.withLock { $0 = error.code }
                } catch {}
            } else {
                // Again and again, for there is no telling when the wait has begun.
                while code.withLock({ $0 == nil }) { interrupter.withLock { $0?.interrupt() } }
            }
        }
        let end = try #require(code.withLock { $0 })
        #expect([.busy, .interrupted].contains(end))
    }

    @Test func `an interrupt after the connection has closed does nothing`() throws {
        func interrupter() throws -> Interrupter {
            let connection = try scratch.open()
            return connection.interrupter
        }
        try interrupter().interrupt()
    }

    @Test func `a statement that goes on under a view stops the process`() async {
        await #expect(processExitsWith: .failure) {
            let scratch = ScratchDatabase()
            let connection = try scratch.open()
            let row = try connection.prepare("SELECT x'00' UNION ALL SELECT x'01'", id: "row")
            guard try row.step() else { return }
            scratch.remove()
            try row.withBytes(at: 0) { _ in _ = try row.step() }
        }
    }
}
