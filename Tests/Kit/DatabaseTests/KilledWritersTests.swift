import Database
import Linux
import LinuxTestSupport
import SQLite
import SharedMemory
import Testing

/// Processes that are killed while they write, four at a time, and one that checkpoints.
///
/// Ten seconds long; `CHAOS_SECONDS` says otherwise.
@Suite(.timeLimit(.minutes(10)))
struct KilledWritersTests {
    private static let schema = """
        CREATE TABLE entries (name TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL) STRICT;
        CREATE TABLE notes (entry TEXT NOT NULL REFERENCES entries (name), number INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
        CREATE INDEX notes_entry ON notes (entry, number);
        CREATE TABLE totals (entries INTEGER NOT NULL) STRICT;
        INSERT INTO totals VALUES (0);
        """

    private let directory: TemporaryDirectory
    private var path: String { directory.file("test.db") }

    init() throws {
        directory = try TemporaryDirectory()
        try Connection(path: path).execute(Self.schema, id: "test")
    }

    private func start(_ task: String) throws -> Int32 {
        try ChildProcess.spawn(
            path: try BuiltProgram.path("write-probe"),
            arguments: ["write-probe", task, directory.path, "group"],
            environment: [],
            descriptors: [nil, nil, 2]
        )
    }

    private func values(_ sql: String) throws -> [String] {
        let connection = try Connection(path: path)
        let statement = try connection.prepare(sql, id: "test")
        var values: [String] = []
        while try statement.step() { values.append(try statement.string(at: 0)) }
        return values
    }

    @Test func `whoever is killed takes nothing that was acknowledged along, and leaves no lock behind`() throws {
        let seconds = ThisProcess.environmentVariables()["CHAOS_SECONDS"].flatMap { Int64($0) } ?? 10
        let tasks = ["write", "write", "write", "write", "checkpoint"]
        var processes = try tasks.map(start)
        let end = SystemClock.monotonicNanoseconds() + seconds * 1_000_000_000
        var kills = 0
        while SystemClock.monotonicNanoseconds() < end {
            _ = Semaphore(permits: 0).wait(nanoseconds: 50_000_000)
            let victim = Int.random(in: processes.indices)
            ChildProcess.send(.kill, to: processes[victim])
            // One that ended by itself has met an error.
            #expect(try ChildProcess.wait(for: processes[victim]) == .killed(signal: 9))
            processes[victim] = try start(tasks[victim])
            kills += 1
        }
        for process in processes {
            ChildProcess.send(.kill, to: process)
            #expect(try ChildProcess.wait(for: process) == .killed(signal: 9))
        }

        let lines = String(decoding: try Files.read(directory.file("acknowledged"), limit: 256 << 20), as: UTF8.self)
            .split(separator: "\n")
        let committed = lines.filter { $0.hasPrefix("+") }.map { String($0.dropFirst()) }
        let rolledBack = lines.filter { $0.hasPrefix("-") }.map { String($0.dropFirst()) }
        let stored = Set(try values("SELECT name FROM entries"))
        #expect(committed.count > 100)
        #expect(committed.filter { !stored.contains($0) } == [])
        #expect(rolledBack.filter(stored.contains) == [])
        // The last transaction of each victim may have been committed without a word.
        #expect(stored.count <= committed.count + kills + tasks.count)
        #expect(try values("SELECT CAST(entries AS TEXT) FROM totals") == ["\(stored.count)"])
        #expect(try values("PRAGMA integrity_check") == ["ok"])
        #expect(try values("PRAGMA foreign_key_check") == [])

        let name = try SegmentName(program: "probe", directory: directory.path, in: directory.path)
        let segment = try SharedSegment.open(name, layout: SegmentLayout(version: 1))
        try segment.writeLock.withLock(timeout: .seconds(1)) { _ in }
        #expect(segment.writeLock.holder == 0)
        print("\(committed.count) transactions, \(kills) kills, \(segment.writeLock.deaths) of them with the lock")
        // And the log can be copied back whole.
        let options = DatabaseOptions(path: path, writeLock: SharedWriteLock(segment))
        switch try Checkpointer(options).checkpointIfNeeded(logBytesOver: 0) {
        case .done(let frames, let copied): #expect(frames == copied)
        case .notNeeded: break
        case .busy: Issue.record("the database is locked")
        }
    }
}
