import Database
import Linux
import LinuxTestSupport
import SQLite
import SharedMemory
import Testing

@Suite(.timeLimit(.minutes(10)))
struct GroupCommitTests {
    private static let insert = StatementDefinition(
        "group.insert",
        writes: ["t"],
        sql: "INSERT INTO t (n) VALUES (?1)"
    )

    private let directory: TemporaryDirectory
    private let lock: SharedMutex
    private let options: DatabaseOptions

    init() throws {
        directory = try TemporaryDirectory()
        // A layout of the same parts leads to the same memory.
        var layout = SegmentLayout(version: 1)
        let mutex = try layout.addMutex("log sync")
        _ = try layout.addWords("log sync", count: 4, isSpread: true)
        var same = SegmentLayout(version: 1)
        let parts = try GroupCommit.Parts(in: &same)
        let name = try SegmentName(program: "probe", directory: directory.path, in: directory.path)
        let segment = try SharedSegment.open(name, layout: layout)
        lock = try segment.mutex(mutex)
        options = DatabaseOptions(
            path: directory.file("test.db"),
            writeLock: SharedWriteLock(segment),
            groupCommit: try GroupCommit(try SharedSegment.open(name, layout: same), parts)
        )
        try Connection(path: options.path).execute("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT", id: "test")
    }

    @Test func `many threads that commit and wait together all come to an end`() throws {
        let options = options
        try onThreads(16) { thread in
            do {
                let session = try DatabaseSession(options, registry: try StatementRegistry([Self.insert]))
                for number in 0..<25 { _ = try session.write { try $0.execute(Self.insert, thread * 100 + number) } }
            } catch {
                Issue.record(error)
            }
        }
        let connection = try Connection(path: options.path)
        let count = try connection.prepare("SELECT count(*) FROM t", id: "test")
        #expect(try count.step())
        #expect(try count.int64(at: 0) == 400)
        #expect(options.groupCommit?.hasFailed == false)
    }

    @Test func `who waits for a leader that was stopped syncs for itself`() throws {
        let options = options
        let begun = SystemClock.monotonicNanoseconds()
        try lock.withLock(timeout: .seconds(1)) { _ in
            try onThreads(2) { thread in
                do {
                    let session = try DatabaseSession(options, registry: try StatementRegistry([Self.insert]))
                    _ = try session.write { try $0.execute(Self.insert, thread) }
                } catch {
                    Issue.record(error)
                }
            }
        }
        #expect(SystemClock.monotonicNanoseconds() - begun < 10_000_000_000)
    }
}
