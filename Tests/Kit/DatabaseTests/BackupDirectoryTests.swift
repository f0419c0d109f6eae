import Database
import Linux
import LinuxTestSupport
import Testing

struct BackupDirectoryTests {
    private static let hour: Int64 = 3_600_000_000
    // 2026-11-27T22:15:30.5Z
    private static let start: Int64 = 1_795_817_730_500_000

    private let scratch: ScratchDatabase
    private let directory: TemporaryDirectory
    private var options: DatabaseOptions { DatabaseOptions(path: scratch.path) }

    init() throws {
        scratch = try ScratchDatabase(Notes.schema)
        directory = try TemporaryDirectory()
    }

    private func backups(_ retention: BackupRetention = BackupRetention()) -> BackupDirectory {
        BackupDirectory(path: directory.file("backups"), prefix: "app", retention: retention)
    }

    private func names() throws -> [String] { try Files.names(inDirectory: directory.file("backups")).sorted() }

    @Test func `a backup has its time in its name and lies in a directory of its owner`() throws {
        let turn = try backups().backUp(options, now: Self.start)
        #expect(try names() == ["app-2026-11-27T221530Z.db"])
        #expect(turn.entry.path == directory.file("backups/app-2026-11-27T221530Z.db"))
        #expect(turn.entry.takenAt == Self.start - 500_000)
        #expect(turn.written.bytes > 0)
        #expect(try directory.permissions(of: "backups") == "700")
        #expect(try backups().entries() == [turn.entry])
    }

    @Test func `the newest so many stay`() throws {
        for hour in 0..<5 {
            _ = try backups(BackupRetention(count: 3)).backUp(options, now: Self.start + Int64(hour) * Self.hour)
        }
        #expect(
            try names() == [
                "app-2026-11-28T001530Z.db", "app-2026-11-28T011530Z.db", "app-2026-11-28T021530Z.db",
            ]
        )
    }

    @Test func `what is too old goes, and the newest stays however old it is`() throws {
        for hour in 0..<4 { _ = try backups().backUp(options, now: Self.start + Int64(hour) * Self.hour) }
        let rule = BackupRetention(age: .seconds(9000))
        let turn = try backups(rule).backUp(options, now: Self.start + 4 * Self.hour)
        #expect(turn.removed.count == 2)
        #expect(try names().count == 3)
        // A clock that runs ahead makes all of them old.
        let last = try backups(BackupRetention(count: 0, age: .zero)).backUp(options, now: Self.start + 9 * Self.hour)
        #expect(try backups().entries() == [last.entry])
    }

    @Test func `a backup that fails costs none of those that are there`() throws {
        _ = try backups().backUp(options, now: Self.start)
        let nothing = DatabaseOptions(path: directory.file("nothing.db"))
        #expect(throws: DatabaseFileError.self) {
            try backups(BackupRetention(count: 1)).backUp(nothing, now: Self.start + Self.hour)
        }
        #expect(try names().count == 1)
    }

    @Test func `files of other names are left alone`() throws {
        let strangers = ["app-2026-13-01T000000Z.db", "app-notes.db", "other-2020-01-01T000000Z.db", "app-.db"]
        _ = try backups().backUp(options, now: Self.start)
        for name in strangers {
            try Files.replace(directory.file("backups/\(name)"), with: [], permissions: 0o600)
        }
        _ = try backups(BackupRetention(count: 1)).backUp(options, now: Self.start + Self.hour)
        #expect(try names() == (strangers + ["app-2026-11-27T231530Z.db"]).sorted())
    }

    @Test func `what a killed process left half goes with the next backup, whatever its time`() throws {
        try Files.makeDirectory(directory.file("backups"), permissions: 0o700)
        let dead = ["app-2026-11-26T221530Z.db.4194305.partial", "app-2026-11-26T221530Z.db.4194305.partial-journal"]
        let strangers = [
            "app-2026-11-26T221530Z.db.1.partial", "app-notes.db.4194305.partial",
            "app-2026-11-26T221530Z.db.x.partial",
        ]
        for name in dead + strangers {
            try Files.replace(directory.file("backups/\(name)"), with: [], permissions: 0o600)
        }
        _ = try backups().backUp(options, now: Self.start)
        #expect(try names() == (strangers + ["app-2026-11-27T221530Z.db"]).sorted())
    }

    @Test func `a backup is due when there is none, when the newest is old enough, and when it is of the future`()
        throws
    {
        let daily = Duration.seconds(86_400)
        #expect(try backups().isDue(every: daily, now: Self.start))
        _ = try backups().backUp(options, now: Self.start)
        #expect(try !backups().isDue(every: daily, now: Self.start + 23 * Self.hour))
        #expect(try backups().isDue(every: daily, now: Self.start + 24 * Self.hour))
        #expect(try backups().isDue(every: daily, now: Self.start - Self.hour))
    }
}
