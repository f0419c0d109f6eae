import Database
import Linux
import LinuxTestSupport
import SQLite
import Synchronization
import Testing

struct DatabaseBackupTests {
    private let scratch: ScratchDatabase
    private let directory: TemporaryDirectory
    private var options: DatabaseOptions { DatabaseOptions(path: scratch.path) }
    private var file: String { directory.file("copy.db") }

    private struct GiveUp: Error {}

    private func size(of path: String) throws -> Int { Int(try FileStatus(of: path).size) }

    init() throws {
        scratch = try ScratchDatabase(Notes.schema)
        directory = try TemporaryDirectory()
    }

    private func fill(_ notes: Int) throws {
        try scratch.run(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(notes))
            INSERT INTO notes (text) SELECT printf('%0500d', i) FROM n
            """
        )
    }

    private func open(_ path: String) throws -> Connection {
        try Connection(path: path, options: ConnectionOptions(access: .unchanging))
    }

    private func value(_ sql: String, in path: String) throws -> String {
        let connection = try open(path)
        let query = try connection.prepare("SELECT CAST((\(sql)) AS TEXT)", id: "test")
        _ = try query.step()
        return try query.string(at: 0)
    }

    @Test func `a backup is one whole file that only its owner can read`() throws {
        try fill(100)
        let written = try DatabaseBackup.write(options, to: file)
        #expect(try value("SELECT count(*) FROM notes", in: file) == "100")
        #expect(try directory.names() == ["copy.db"])
        #expect(try directory.permissions(of: "copy.db") == "600")
        #expect(written.bytes == (try size(of: file)))
        // One that needs no log beside it can be read where nobody may write.
        let mode = try Shell.run("od -An -tu1 -j18 -N2 '\(file)'").output
        #expect(mode.split(separator: " ") == ["1", "1"])
    }

    @Test func `a backup during writes holds every change that was acknowledged before it began`() throws {
        try fill(20_000)
        let acknowledged = Mutex([Int]())
        let isStopping = Atomic(false)
        let path = scratch.path
        let file = file
        let atTheBeginning = Mutex(0)
        try onThreads(4) { thread in
            do {
                if thread == 0 {
                    defer { isStopping.store(true, ordering: .sequentiallyConsistent) }
                    // Some changes come before, and the backup takes many steps in which others go on.
                    while acknowledged.withLock({ $0.count }) < 20 {}
                    atTheBeginning.withLock { count in count = acknowledged.withLock { $0.count } }
                    let during = Atomic(0)
                    try DatabaseBackup.write(DatabaseOptions(path: path), to: file) { progress in
                        // Each step waits for one change more, so that the file changes under the copy.
                        let before = acknowledged.withLock { $0.count }
                        let deadline = SystemClock.monotonicNanoseconds() + 2_000_000_000
                        while acknowledged.withLock({ $0.count }) == before, progress.copied < progress.total,
                            SystemClock.monotonicNanoseconds() < deadline
                        {}
                        during.add(1, ordering: .relaxed)
                    }
                    #expect(during.load(ordering: .relaxed) > 3)
                } else {
                    let session = try DatabaseSession(
                        DatabaseOptions(path: path, busyTimeout: .seconds(30)),
                        registry: try StatementRegistry(Notes.statements)
                    )
                    while !isStopping.load(ordering: .sequentiallyConsistent) {
                        let id = try session.write { transaction in
                            try transaction.row(Notes.insertReturning, "by thread \(thread)") { row in try row.int(0) }
                        }
                        if let id { acknowledged.withLock { $0.append(id) } }
                    }
                }
            } catch {
                isStopping.store(true, ordering: .sequentiallyConsistent)
                Issue.record(error)
            }
        }
        let before = acknowledged.withLock { $0.prefix(atTheBeginning.withLock { $0 }) }
        let ids = before.map { "\($0)" }.joined(separator: ",")
        #expect(before.count >= 20)
        #expect(try value("SELECT count(*) FROM notes WHERE id IN (\(ids))", in: file) == "\(before.count)")
        #expect(try value("SELECT group_concat(integrity_check) FROM pragma_integrity_check", in: file) == "ok")
        // It is of one moment: the ids are without gaps, and the changes that came later are not in it.
        let counted = try value("SELECT count(*) FROM notes", in: file)
        #expect(try value("SELECT max(id) FROM notes", in: file) == counted)
        #expect(try #require(Int(counted)) < 20_000 + acknowledged.withLock { $0.count })
    }

    @Test func `a backup that is given up leaves nothing`() throws {
        try fill(20_000)
        #expect(throws: GiveUp.self) {
            try DatabaseBackup.write(options, to: file) { _ in throw GiveUp() }
        }
        #expect(try directory.names() == [])
    }

    @Test func `what a killed backup left is removed by the next one, and what a living one writes is not`() throws {
        // No process has this id: it is beyond the largest that Linux gives.
        let dead = directory.file("copy.db.4194305.partial")
        let living = directory.file("copy.db.1.partial")
        for path in [dead, living] { try Files.replace(path, with: [1], permissions: 0o600) }
        try DatabaseBackup.write(options, to: file)
        #expect(try directory.names() == ["copy.db", "copy.db.1.partial"])
    }

    @Test func `a file that is there stays, unless it is to be replaced`() throws {
        try Files.replace(file, with: [1], permissions: 0o600)
        #expect(throws: DatabaseFileError.taken(path: file)) { try DatabaseBackup.write(options, to: file) }
        #expect(try Files.read(file) == [1])
        try DatabaseBackup.write(options, to: file, replacing: true)
        #expect(try value("SELECT count(*) FROM notes", in: file) == "0")
    }

    @Test func `a database that is not there is not made`() {
        let nowhere = directory.file("nowhere.db")
        #expect(throws: DatabaseFileError.missing(path: nowhere)) {
            try DatabaseBackup.write(DatabaseOptions(path: nowhere), to: file)
        }
        #expect(!Files.exists(nowhere))
    }

    @Test func `a directory that is not there is told by its name`() {
        let file = directory.file("none/copy.db")
        let error = #expect(throws: (any Error).self) { try DatabaseBackup.write(options, to: file) }
        #expect(error.map { "\($0)" }?.contains("none/copy.db") == true)
    }
}
