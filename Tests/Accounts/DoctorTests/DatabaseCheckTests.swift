import Database
import Linux
import LinuxTestSupport
import Storage
import Testing

@testable import Doctor

struct DatabaseCheckTests {
    private let directory: TemporaryDirectory
    private let options: DatabaseOptions

    init() throws {
        directory = try TemporaryDirectory()
        options = DatabaseOptions(path: directory.file("d.db"))
    }

    private func findings(
        _ migrations: [Migration] = Schema.migrations,
        needed: Int = Schema.neededVersion,
        isThorough: Bool = false
    ) -> [Finding] {
        DatabaseCheck(
            options,
            migrations: migrations,
            neededVersion: needed,
            isThorough: isThorough,
            migrateCommand: "migrate up"
        ).run()
    }

    private func migrate(to target: Int? = nil) throws {
        let session = try DatabaseSession(options, registry: try StatementRegistry([]))
        try Migrator(Schema.migrations).up(to: target, in: session)
    }

    @Test(arguments: [false, true])
    func `a whole database at the right schema is good`(isThorough: Bool) throws {
        try migrate()
        #expect(findings(isThorough: isThorough).map(\.severity) == [.ok, .ok])
    }

    @Test func `a missing database is an error, and none is made`() throws {
        #expect(findings().map(\.severity) == [.error])
        #expect(findings().first?.remedy == "run migrate up")
        #expect(!Files.exists(options.path))
    }

    @Test func `migrations that are not applied are an error with the command`() throws {
        try migrate(to: 1)
        #expect(findings().first?.severity == .error)
        #expect(findings().first?.remedy == "run migrate up")
    }

    @Test func `migrations that wait for the end of the program before are a warning with the command`() throws {
        try migrate(to: 1)
        #expect(findings(needed: 1).map(\.severity) == [.warning, .ok])
        #expect(findings(needed: 1).first?.remedy?.hasSuffix("run migrate up --all") == true)
    }

    @Test func `a newer schema is a warning`() throws {
        try migrate()
        #expect(findings(Array(Schema.migrations.prefix(2)), needed: 2).first?.severity == .warning)
    }

    @Test func `a file that is no database is an error`() throws {
        try Files.replace(options.path, with: Array(repeating: 0x41, count: 5000), permissions: 0o600)
        #expect(findings().map(\.severity) == [.error])
    }

    @Test func `a page that is damaged is an error`() throws {
        try migrate()
        try Checkpointer(options).checkpointIfNeeded(logBytesOver: 0)
        var bytes = try Files.read(options.path)
        // The head of the second page, that of the first table.
        for place in 4096..<4104 { bytes[place] = 0xFF }
        for suffix in ["-wal", "-shm"] { try Files.remove(options.path + suffix) }
        try Files.replace(options.path, with: bytes, permissions: 0o600)
        #expect(findings().contains { $0.severity == .error })
    }
}
