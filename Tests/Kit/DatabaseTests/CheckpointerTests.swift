import Database
import LinuxTestSupport
import SQLite
import SharedMemory
import Synchronization
import Testing

struct CheckpointerTests {
    let scratch: ScratchDatabase
    let session: DatabaseSession
    let checkpointer: Checkpointer

    init() throws {
        scratch = try ScratchDatabase(Notes.schema)
        session = try scratch.session(Notes.statements)
        checkpointer = try Checkpointer(DatabaseOptions(path: scratch.path))
    }

    private var logBytes: Int { WriteAheadLogFile(ofDatabaseAt: scratch.path).bytes }

    private func writeNote() throws {
        try session.write { transaction in
            _ = try transaction.execute(Notes.insert, String(repeating: "x", count: 10_000), 0)
        }
    }

    private func isComplete(_ outcome: Checkpointer.Outcome) -> Bool {
        guard case .done(let logFrames, let copiedFrames) = outcome else { return false }
        return logFrames == copiedFrames
    }

    @Test func `a short log is left alone`() throws {
        #expect(try checkpointer.checkpointIfNeeded(logBytesOver: 1 << 20) == .notNeeded)
    }

    @Test func `a log that was copied is left alone until something is written`() throws {
        #expect(isComplete(try checkpointer.checkpointIfNeeded(logBytesOver: 0)))
        #expect(try checkpointer.checkpointIfNeeded(logBytesOver: 0) == .notNeeded)
        try writeNote()
        #expect(isComplete(try checkpointer.checkpointIfNeeded(logBytesOver: 0)))
    }

    @Test func `a log that was copied is written anew from its beginning`() throws {
        try writeNote()
        #expect(isComplete(try checkpointer.checkpointIfNeeded(logBytesOver: 0)))
        let bytes = logBytes
        for _ in 0..<50 {
            try writeNote()
            #expect(isComplete(try checkpointer.checkpointIfNeeded(logBytesOver: 0)))
        }
        #expect(logBytes == bytes)
        #expect(try session.noteCount() == 51)
    }

    @Test func `the file is cut back to its limit`() throws {
        let limit = 64 << 10
        let options = DatabaseOptions(path: scratch.path, journalSizeLimit: limit)
        let session = try DatabaseSession(options, registry: try StatementRegistry(Notes.statements))
        try session.write { transaction in
            for _ in 0..<100 { try transaction.execute(Notes.insert, String(repeating: "x", count: 10_000), 0) }
        }
        #expect(logBytes > limit)
        #expect(isComplete(try checkpointer.checkpointIfNeeded(logBytesOver: limit)))
        try session.write { transaction in _ = try transaction.execute(Notes.insert, "x", 0) }
        #expect(logBytes == limit)
        #expect(try checkpointer.checkpointIfNeeded(logBytesOver: limit) == .notNeeded)
    }

    @Test func `a file that stays long is not taken for a long log`() throws {
        try session.write { transaction in
            for _ in 0..<100 { try transaction.execute(Notes.insert, String(repeating: "x", count: 10_000), 0) }
        }
        #expect(isComplete(try checkpointer.checkpointIfNeeded(logBytesOver: 256 << 10)))
        let bytes = logBytes
        #expect(bytes > 1_000_000)
        try writeNote()
        #expect(logBytes == bytes, "the file was cut")
        #expect(try checkpointer.checkpointIfNeeded(logBytesOver: 256 << 10) == .notNeeded)
        for _ in 0..<30 { try writeNote() }
        #expect(logBytes == bytes, "the file grew, though it had room")
        #expect(isComplete(try checkpointer.checkpointIfNeeded(logBytesOver: 256 << 10)))
    }

    @Test func `a log is found long by a checkpointer that is opened later, and by its first look`() throws {
        for _ in 0..<3 { try writeNote() }
        let later = try Checkpointer(DatabaseOptions(path: scratch.path))
        #expect(isComplete(try later.checkpointIfNeeded(logBytesOver: 16 << 10)))
        #expect(try checkpointer.checkpointIfNeeded(logBytesOver: 0) == .notNeeded)
    }

    @Test func `a snapshot keeps the frames after it in the log, and nobody waits for it`() throws {
        #expect(isComplete(try checkpointer.checkpointIfNeeded(logBytesOver: 0)))
        let reader = try scratch.session(Notes.statements)
        try reader.read { snapshot in
            #expect(try snapshot.noteCount() == 0)
            try writeNote()
            #expect(!isComplete(try checkpointer.checkpointIfNeeded(logBytesOver: 0)))
            #expect(try snapshot.noteCount() == 0)
            try writeNote()
        }
        #expect(isComplete(try checkpointer.checkpointIfNeeded(logBytesOver: 0)))
        #expect(try session.noteCount() == 2)
    }

    @Test func `a writer is not waited for long`() throws {
        let outcome = try session.write { transaction in
            try transaction.execute(Notes.insert, "x", 0)
            let start = ContinuousClock.now
            let outcome = try checkpointer.checkpointIfNeeded(logBytesOver: 0)
            #expect(start.duration(to: .now) < .seconds(5))
            return outcome
        }
        #expect(outcome == .busy)
        #expect(isComplete(try checkpointer.checkpointIfNeeded(logBytesOver: 0)))
    }

    @Test func `the log stays short while three writers write, and no row is lost`() throws {
        let path = scratch.path
        // The lock that the product has, for whose turn one sleeps: whom SQLite's own comes to, who asks for it again after
        // a pause, is a matter of luck where more threads want to run than there are processors.
        let directory = try TemporaryDirectory()
        let name = try SegmentName(program: "test", directory: directory.path, in: directory.path)
        let segment = try SharedSegment.open(name, layout: SegmentLayout(version: 1))
        let written = Mutex<Int>(0)
        let longestLog = Mutex<Int>(0)
        let errors = Mutex<[String]>([])
        let writersLeft = Atomic<Int>(3)
        try onThreads(4) { number in
            do {
                let options = DatabaseOptions(
                    path: path,
                    durability: .processEnd,
                    busyTimeout: .seconds(60),
                    writeLock: SharedWriteLock(segment)
                )
                guard number < 3 else {
                    let checkpointer = try Checkpointer(options, lockTimeout: .seconds(60))
                    while writersLeft.load(ordering: .acquiring) > 0 {
                        try checkpointer.checkpointIfNeeded(logBytesOver: 1 << 20)
                        let bytes = WriteAheadLogFile(ofDatabaseAt: path).bytes
                        longestLog.withLock { $0 = max($0, bytes) }
                    }
                    return
                }
                defer { writersLeft.subtract(1, ordering: .releasing) }
                let session = try DatabaseSession(options, registry: try StatementRegistry(Notes.statements))
                for step in 0..<1000 {
                    try session.write { transaction in
                        _ = try transaction.execute(Notes.insert, String(repeating: "x", count: 10_000), step)
                    }
                    written.withLock { $0 += 1 }
                }
            } catch {
                errors.withLock { $0.append(String(describing: error)) }
            }
        }
        #expect(errors.withLock { $0 } == [])
        #expect(try scratch.value("SELECT count(*) FROM notes") == String(written.withLock { $0 }))
        #expect(try scratch.value("SELECT * FROM pragma_integrity_check") == "ok")
        // 3000 commits of at least four pages: 48 MiB if the log never began anew.
        #expect(longestLog.withLock { $0 } < 24 << 20)
    }
}
