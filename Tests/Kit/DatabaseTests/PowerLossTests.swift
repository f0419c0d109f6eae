import Database
import Linux
import LinuxTestSupport
import SQLite
import SharedMemory
import Testing

/// What is left of acknowledged changes when all that was not synced is lost.
///
/// Four processes write and one checkpoints, over a library that takes the place of fdatasync (`PowerLoss.c`): it copies
/// the file to a second directory, the disk. Then all are killed at one moment, and the disk's files are opened. Twice
/// for each durability; with `CHAOS_SECONDS` for so long.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct PowerLossTests {
    private static let schema = """
        CREATE TABLE entries (name TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL) STRICT;
        CREATE TABLE notes (entry TEXT NOT NULL REFERENCES entries (name), number INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
        CREATE INDEX notes_entry ON notes (entry, number);
        CREATE TABLE totals (entries INTEGER NOT NULL) STRICT;
        INSERT INTO totals VALUES (0);
        """
    private static let files = ["test.db", "test.db-wal"]
    private static let sector = 512

    private let directory: TemporaryDirectory
    private let disk: TemporaryDirectory
    private let group: GroupCommit
    private let path: String
    private let end: Int64

    init() throws {
        directory = try TemporaryDirectory()
        disk = try TemporaryDirectory()
        let name = try SegmentName(program: "probe", directory: directory.path, in: directory.path)
        var layout = SegmentLayout(version: 1)
        let parts = try GroupCommit.Parts(in: &layout)
        group = try GroupCommit(try SharedSegment.open(name, layout: layout), parts)
        path = directory.file("test.db")
        let seconds = ThisProcess.environmentVariables()["CHAOS_SECONDS"].flatMap { Int64($0) } ?? 0
        end = SystemClock.monotonicNanoseconds() + seconds * 1_000_000_000
        try Connection(path: path).execute(Self.schema, id: "test")
        for file in Self.files { _ = try Shell.run("cp '\(directory.file(file))' '\(disk.file(file))'") }
        let place = #filePath.dropLast("PowerLossTests.swift".utf8.count)
        let compiled = try Shell.run("cc -O1 -Wall -Werror -shared -fPIC -o '\(library)' '\(place)PowerLoss.c'")
        try #require(compiled.output == "")
    }

    private var library: String { directory.file("power-loss.so") }

    private func start(_ task: String, _ durability: String, hanging: Bool = false) throws -> Int32 {
        try ChildProcess.spawn(
            path: try BuiltProgram.path("write-probe"),
            arguments: ["write-probe", task, directory.path, durability],
            environment: [
                "LD_PRELOAD=\(library)", "POWER_LOSS_DIRECTORY=\(directory.path)", "POWER_LOSS_DISK=\(disk.path)",
            ] + (hanging ? ["POWER_LOSS_HANGS=1"] : []),
            descriptors: [nil, nil, 2]
        )
    }

    private func kill(_ processes: [Int32]) throws {
        for process in processes { ChildProcess.send(.kill, to: process) }
        for process in processes { #expect(try ChildProcess.wait(for: process) == .killed(signal: 9)) }
    }

    private func wait(until isSo: () throws -> Bool) throws {
        let end = SystemClock.monotonicNanoseconds() + 60_000_000_000
        while try !isSo() {
            try #require(SystemClock.monotonicNanoseconds() < end)
            _ = Semaphore(permits: 0).wait(nanoseconds: 5_000_000)
        }
    }

    private func waitForAcknowledged(more count: Int) throws {
        let before = try acknowledged().count
        try wait { try acknowledged().count >= before + count }
    }

    /// Writes until some changes more are acknowledged, and loses power.
    private func writeUntilPowerLoss(_ durability: String) throws {
        // The one that checkpoints is killed first: its sync would keep what the others were told last.
        let processes = try ["checkpoint", "write", "write", "write", "write"].map { try start($0, durability) }
        try waitForAcknowledged(more: .random(in: 100...300))
        // All at one moment: the sync of one who lives longer would keep what another was told too early.
        try kill(processes)
    }

    private func acknowledged() throws -> [String] {
        guard Files.exists(directory.file("acknowledged")) else { return [] }
        return String(decoding: try Files.read(directory.file("acknowledged"), limit: 64 << 20), as: UTF8.self)
            .split(separator: "\n").filter { $0.hasPrefix("+") }.map { String($0.dropFirst()) }
    }

    /// The acknowledged rows that are not on a disk, whose database is whole.
    private func lost(on disk: TemporaryDirectory) throws -> [String] {
        // Opening it writes to it, and the disk is to stay as it is.
        let copy = try TemporaryDirectory()
        for file in Self.files { _ = try Shell.run("cp '\(disk.file(file))' '\(copy.file(file))'") }
        let connection = try Connection(path: copy.file("test.db"))
        func values(_ sql: String) throws -> [String] {
            let statement = try connection.prepare(sql, id: "test")
            var values: [String] = []
            while try statement.step() { values.append(try statement.string(at: 0)) }
            return values
        }
        #expect(try values("PRAGMA integrity_check") == ["ok"])
        #expect(try values("PRAGMA foreign_key_check") == [])
        let stored = Set(try values("SELECT name FROM entries"))
        #expect(try values("SELECT CAST(entries AS TEXT) FROM totals") == ["\(stored.count)"])
        return try acknowledged().filter { !stored.contains($0) }
    }

    /// A disk to which some of the sectors have got that were not synced, by chance.
    private func diskWithSomeOfTheRest() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        for name in Self.files {
            let synced = try Files.read(disk.file(name), limit: 256 << 20)
            let written = try Files.read(directory.file(name), limit: 256 << 20)
            var mixed = Bool.random() ? synced : written
            for start in stride(from: 0, to: mixed.count, by: Self.sector) {
                let source = Bool.random() ? synced : written
                let end = min(start + Self.sector, mixed.count, source.count)
                if start < end { mixed.replaceSubrange(start..<end, with: source[start..<end]) }
            }
            try Files.replace(copy.file(name), with: mixed, permissions: 0o600)
        }
        return copy
    }

    @Test(arguments: ["full", "group"])
    func `power loss takes no acknowledged change`(durability: String) throws {
        var losses = 0
        repeat {
            losses += 1
            try writeUntilPowerLoss(durability)
            for _ in 0..<5 { #expect(try lost(on: try diskWithSomeOfTheRest()) == []) }
            #expect(try lost(on: disk) == [])
        } while losses < 2 || SystemClock.monotonicNanoseconds() < end
        print("\(durability): \(losses) power losses after \(try acknowledged().count) acknowledged changes")
    }

    @Test func `where only the process's end counts, power loss takes changes and leaves the database whole`() throws {
        var losses = 0
        var taken = 0
        // Once in a while everything has just been synced.
        repeat {
            losses += 1
            try writeUntilPowerLoss("process_end")
            for _ in 0..<5 { _ = try lost(on: try diskWithSomeOfTheRest()) }
            taken += try lost(on: disk).count
        } while SystemClock.monotonicNanoseconds() < end || (taken == 0 && losses < 20)
        #expect(taken > 0)
        print("process_end: \(losses) power losses took \(taken) acknowledged changes")
    }

    @Test func `a leader whose sync never ends keeps nobody from being answered, nor one that is killed`() throws {
        let leader = try start("write", "group", hanging: true)
        try wait { group.leader == leader }
        let writers = try (0..<2).map { _ in try start("write", "group") }
        try waitForAcknowledged(more: 3)
        #expect(group.leader == leader)
        try kill([leader])
        try waitForAcknowledged(more: 50)
        try kill(writers)
        #expect(!group.hasFailed)
        #expect(try lost(on: disk) == [])
    }

    @Test func `a sync that fails is told to all who wait, and nothing is changed until the log is copied back`() throws
    {
        let writers = try (0..<4).map { _ in try start("write", "group") }
        try waitForAcknowledged(more: 20)
        try Files.replace(directory.file("broken"), with: [], permissions: 0o600)
        for writer in writers { #expect(try ChildProcess.wait(for: writer) == .exited(1)) }
        #expect(group.hasFailed)
        // The disk works again, which is no reason to believe it.
        try Files.remove(directory.file("broken"))
        #expect(try ChildProcess.wait(for: try start("write", "group")) == .exited(1))
        #expect(try lost(on: disk) == [])

        #expect(try ChildProcess.wait(for: try start("recover", "group")) == .exited(0))
        #expect(!group.hasFailed)
        #expect(try FileStatus(of: "\(path)-wal").size == 0)
        let writer = try start("write", "group")
        try waitForAcknowledged(more: 20)
        try kill([writer])
        #expect(try lost(on: disk) == [])
    }
}
