import Database
import Linux
import LinuxTestSupport
import SharedMemory
import Testing

struct WriteLockTests {
    private let directory: TemporaryDirectory
    private let segment: SharedSegment
    private let scratch: ScratchDatabase

    init() throws {
        directory = try TemporaryDirectory()
        let name = try SegmentName(program: "test", directory: directory.path, in: directory.path)
        segment = try SharedSegment.open(name, layout: SegmentLayout(version: 1))
        scratch = try ScratchDatabase(Notes.schema)
    }

    private func options(busyTimeout: Duration = .milliseconds(50), journalSizeLimit: Int = 4 << 20) -> DatabaseOptions
    {
        DatabaseOptions(
            path: scratch.path,
            busyTimeout: busyTimeout,
            journalSizeLimit: journalSizeLimit,
            writeLock: SharedWriteLock(segment)
        )
    }

    private func session() throws -> DatabaseSession {
        try DatabaseSession(options(), registry: try StatementRegistry(Notes.statements))
    }

    /// Runs `body` while another thread holds the lock.
    private func whileHeld(_ body: @escaping @Sendable () throws -> Void) throws {
        let segment = segment
        let isHeld = Semaphore(permits: 0)
        let isDone = Semaphore(permits: 0)
        try onThreads(2) { number in
            #expect(throws: Never.self) {
                if number == 0 {
                    try segment.writeLock.withLock(timeout: .seconds(10)) { _ in
                        isHeld.signal()
                        _ = isDone.wait(nanoseconds: 60_000_000_000)
                    }
                } else {
                    defer { isDone.signal() }
                    _ = isHeld.wait(nanoseconds: 60_000_000_000)
                    try body()
                }
            }
        }
    }

    @Test func `a transaction that writes has the lock, and gives it back whatever happens`() throws {
        struct Refusal: Error {}
        let session = try session()
        try session.write { transaction in
            try transaction.execute(Notes.insert, "one", 1)
            #expect(segment.writeLock.holder == ThisProcess.id)
        }
        #expect(segment.writeLock.holder == 0)
        #expect(throws: Refusal.self) { try session.write { _ in throw Refusal() } }
        #expect(segment.writeLock.holder == 0)
        #expect(try scratch.value("SELECT count(*) FROM notes") == "1")
    }

    @Test func `whoever waits longer than the timeout finds the database unavailable, while reads go on`() throws {
        let options = options()
        try whileHeld {
            let session = try DatabaseSession(options, registry: try StatementRegistry(Notes.statements))
            #expect(try session.row(Notes.byID, 1) { row in try row.string(0) } == nil)
            var isRun = false
            do {
                try session.write { _ in isRun = true }
                Issue.record("it was written")
            } catch DatabaseError.unavailable(.busy, let diagnosis) {
                #expect(diagnosis.statement == "write lock")
                #expect(diagnosis.message == "process \(ThisProcess.id) kept the lock database write")
            }
            #expect(!isRun)
        }
        try session().write { _ in }
    }

    @Test func `a transaction inside another is misuse, and the outer one goes on`() throws {
        let session = try session()
        try session.write { transaction in
            do {
                try session.write { _ in }
                Issue.record("it was begun")
            } catch DatabaseError.misuse(let diagnosis) {
                #expect(diagnosis.message == "a transaction is open already")
            }
            try transaction.execute(Notes.insert, "outer", 1)
        }
        #expect(try scratch.value("SELECT text FROM notes") == "outer")
    }

    @Test func `a checkpoint waits for the lock for a moment and then lets it be`() throws {
        let options = options(journalSizeLimit: 0)
        let session = try session()
        for number in 0..<10 { try session.write { _ = try $0.execute(Notes.insert, "note", number) } }
        try whileHeld {
            let checkpointer = try Checkpointer(options)
            #expect(try checkpointer.checkpointIfNeeded(logBytesOver: 0) == .busy)
        }
        let checkpointer = try Checkpointer(options)
        guard case .done(let frames, let copied) = try checkpointer.checkpointIfNeeded(logBytesOver: 0) else {
            Issue.record("nothing was copied")
            return
        }
        #expect(frames > 0)
        #expect(copied == frames)
        #expect(segment.writeLock.holder == 0)
    }
}
