import Database
import Linux
import LinuxTestSupport
import SQLite
import Testing

struct DatabaseRestoreTests {
    private static let first = Migration(id: 1, name: "notes", up: [Notes.schema], down: ["DROP TABLE notes"])
    private static let second = Migration(
        id: 2,
        name: "tags",
        up: ["CREATE TABLE tags (note INTEGER REFERENCES notes (id)) STRICT"],
        down: ["DROP TABLE tags"]
    )
    private static let mark: Int32 = 0x1234_5678

    private let directory: TemporaryDirectory
    private var options: DatabaseOptions { DatabaseOptions(path: directory.file("app.db")) }
    private var backup: String { directory.file("backup.db") }
    private var aside: String { directory.file("aside.db") }

    private struct GiveUp: Error {}

    private func size(of path: String) throws -> Int { Int(try FileStatus(of: path).size) }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func migrator(_ migrations: [Migration] = [first, second]) throws -> Migrator {
        try Migrator(migrations, applicationID: Self.mark)
    }

    private func session() throws -> DatabaseSession {
        try DatabaseSession(options, registry: try StatementRegistry(Notes.statements))
    }

    private func makeDatabase(notes: Int, _ migrations: [Migration] = [first, second]) throws {
        let session = try session()
        try migrator(migrations).up(in: session)
        for number in 0..<notes {
            _ = try session.write { try $0.execute(Notes.insert, "note \(number)", nil as Int?) }
        }
    }

    private func run(_ sql: String, in path: String) throws {
        try Connection(path: path).execute(sql, id: "test")
    }

    // MARK: - The check

    @Test func `a whole backup passes the check, which leaves nothing beside it`() throws {
        try makeDatabase(notes: 3)
        try DatabaseBackup.write(options, to: backup)
        let names = try directory.names()
        let facts = try DatabaseBackup.check(backup, for: try migrator())
        #expect(facts.schemaVersion == 2)
        #expect(facts.pendingMigrations == 0)
        #expect(facts.bytes == (try size(of: backup)))
        #expect(try directory.names() == names)
    }

    @Test func `a path with signs that mean something in an address is only a path`() throws {
        try makeDatabase(notes: 1)
        let odd = directory.file("a?mode=rw&b#c%20d e.db")
        try DatabaseBackup.write(options, to: odd)
        #expect(try DatabaseBackup.check(odd, for: try migrator()).schemaVersion == 2)
    }

    @Test func `a backup of an older schema passes and tells how many migrations are missing`() throws {
        try makeDatabase(notes: 1, [Self.first])
        try DatabaseBackup.write(options, to: backup)
        #expect(try DatabaseBackup.check(backup, for: try migrator()).pendingMigrations == 1)
    }

    @Test func `a backup of a newer schema is refused`() throws {
        try makeDatabase(notes: 1)
        try DatabaseBackup.write(options, to: backup)
        #expect(throws: MigrationError.databaseIsNewer(id: 2, name: "tags", programVersion: 1)) {
            try DatabaseBackup.check(backup, for: try migrator([Self.first]))
        }
    }

    @Test func `the database of another program is refused`() throws {
        try run("CREATE TABLE t (a); PRAGMA application_id = 7", in: backup)
        try Files.remove("\(backup)-shm")
        #expect(throws: DatabaseFileError.hasLog(path: backup)) {
            try DatabaseBackup.check(backup, for: try migrator())
        }
        try DatabaseBackup.write(DatabaseOptions(path: backup), to: aside)
        #expect(throws: DatabaseFileError.foreign(path: aside, applicationID: 7)) {
            try DatabaseBackup.check(aside, for: try migrator())
        }
    }

    @Test func `a database without tables is refused`() throws {
        try run("PRAGMA user_version = 1", in: options.path)
        try DatabaseBackup.write(options, to: backup)
        #expect(throws: DatabaseFileError.empty(path: backup)) { try DatabaseBackup.check(backup, for: try migrator()) }
    }

    @Test(arguments: [[], Array("this is no database, though it is long enough to be looked at".utf8)])
    func `a file that is no database is refused`(content: [UInt8]) throws {
        try Files.replace(backup, with: content, permissions: 0o600)
        #expect(throws: (any Error).self) { try DatabaseBackup.check(backup, for: try migrator()) }
        #expect(throws: DatabaseFileError.missing(path: aside)) {
            try DatabaseBackup.check(aside, for: try migrator())
        }
    }

    @Test func `a damaged backup is refused`() throws {
        try makeDatabase(notes: 500)
        try DatabaseBackup.write(options, to: backup)
        // The last page is one of the table's.
        let pages = try size(of: backup) / 4096
        _ = try Shell.run("head -c 2000 /dev/urandom | dd of='\(backup)' bs=4096 seek=\(pages - 1) conv=notrunc")
        #expect(throws: (any Error).self) { try DatabaseBackup.check(backup, for: try migrator()) }
    }

    @Test func `a backup whose rows refer to nothing is refused`() throws {
        try makeDatabase(notes: 1)
        try run("PRAGMA foreign_keys = OFF; INSERT INTO tags (note) VALUES (99)", in: options.path)
        try DatabaseBackup.write(options, to: backup)
        #expect(throws: DatabaseFileError.danglingReferences(path: backup, table: "tags")) {
            try DatabaseBackup.check(backup, for: try migrator())
        }
    }

    @Test func `a database of another program is not migrated`() throws {
        try run("PRAGMA application_id = 7", in: options.path)
        #expect(throws: MigrationError.foreign(applicationID: 7)) { try migrator().up(in: try session()) }
    }

    // MARK: - The restore

    @Test func `a restored backup is the database, and the one before is kept whole`() throws {
        try makeDatabase(notes: 2)
        try DatabaseBackup.write(options, to: backup)
        _ = try session().write { try $0.execute(Notes.insert, "later", nil as Int?) }
        let restored = try DatabaseRestore.run(from: backup, to: options, movingAsideTo: aside)
        #expect(restored.kept == aside)
        #expect(try session().noteCount() == 2)
        // With its log, in which all its changes stand.
        #expect(Files.exists("\(aside)-wal"))
        let before = try DatabaseSession(
            DatabaseOptions(path: aside),
            registry: try StatementRegistry(Notes.statements)
        )
        #expect(try before.noteCount() == 3)
        #expect(try directory.permissions(of: "app.db") == "600")
    }

    @Test func `a backup is restored where there is no database`() throws {
        try makeDatabase(notes: 2)
        try DatabaseBackup.write(options, to: backup)
        for part in ["", "-wal", "-shm"] { try Files.remove(options.path + part) }
        #expect(try DatabaseRestore.run(from: backup, to: options, movingAsideTo: aside).kept == nil)
        #expect(try session().noteCount() == 2)
    }

    @Test func `a log that an interrupted restore left does not get into the new database`() throws {
        try makeDatabase(notes: 2)
        try DatabaseBackup.write(options, to: backup)
        _ = try session().write { try $0.execute(Notes.insert, "later", nil as Int?) }
        try Files.remove(options.path)
        _ = try DatabaseRestore.run(from: backup, to: options, movingAsideTo: aside)
        #expect(try session().noteCount() == 2)
    }

    @Test func `a restore that is given up changes nothing`() throws {
        try makeDatabase(notes: 2)
        try DatabaseBackup.write(options, to: backup)
        let names = try directory.names()
        #expect(throws: GiveUp.self) {
            try DatabaseRestore.run(from: backup, to: options, movingAsideTo: aside) { _ in throw GiveUp() }
        }
        #expect(throws: DatabaseFileError.taken(path: backup)) {
            try DatabaseRestore.run(from: backup, to: options, movingAsideTo: backup)
        }
        #expect(try directory.names() == names)
        #expect(try session().noteCount() == 2)
    }
}
