import Database
import LinuxTestSupport
import SQLite
import Synchronization
import Testing

struct MigratorTests {
    let scratch = ScratchDatabase()

    private static let migrations = [
        Migration(
            id: 0001,
            name: "create users",
            up: [
                "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
                "CREATE INDEX users_name ON users (name)",
            ],
            down: ["DROP TABLE users"]
        ),
        Migration(
            id: 0002,
            name: "create notes",
            up: ["CREATE TABLE notes (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id)) STRICT"],
            down: ["DROP TABLE notes"]
        ),
        Migration(
            id: 0003,
            name: "add users.email",
            up: ["ALTER TABLE users ADD COLUMN email TEXT", "CREATE UNIQUE INDEX users_email ON users (email)"],
            down: ["DROP INDEX users_email", "ALTER TABLE users DROP COLUMN email"]
        ),
    ]

    private func session(busyTimeout: Duration = .seconds(30)) throws -> DatabaseSession {
        try scratch.session([], busyTimeout: busyTimeout)
    }

    private func dump() throws -> [String] {
        let connection = try Connection(path: scratch.path)
        let query = try connection.prepare(
            "SELECT name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name",
            id: "dump"
        )
        var lines: [String] = []
        while try query.step() { lines.append(try query.string(at: 0)) }
        return lines
    }

    @Test func `up, down and up again give the same schema`() throws {
        let session = try session()
        let migrator = try Migrator(Self.migrations)
        #expect(try session.schemaVersion() == 0)
        #expect(try migrator.up(in: session).map(\.id) == [1, 2, 3])
        let first = try dump()
        #expect(try session.schemaVersion() == 3)
        #expect(try migrator.down(to: 0, in: session).map(\.id) == [3, 2, 1])
        #expect(try dump().map { $0.prefix(17) } == ["schema_migrations"])
        #expect(try session.schemaVersion() == 0)
        #expect(try migrator.up(in: session).map(\.id) == [1, 2, 3])
        #expect(try dump() == first)
        #expect(try migrator.up(in: session).isEmpty)
    }

    @Test func `every step alone can be undone and done again`() throws {
        let session = try session()
        let migrator = try Migrator(Self.migrations)
        for id in 1...3 {
            let before = try dump()
            #expect(try migrator.up(to: id, in: session).map(\.id) == [id])
            let after = try dump()
            #expect(try migrator.down(steps: 1, in: session).map(\.id) == [id])
            if id > 1 { #expect(try dump() == before) }
            try migrator.up(to: id, in: session)
            #expect(try dump() == after)
        }
        #expect(try migrator.down(steps: 99, in: session).map(\.id) == [3, 2, 1])
    }

    @Test func `data that a step does not touch survives its way back`() throws {
        let session = try session()
        let migrator = try Migrator(Self.migrations)
        try migrator.up(in: session)
        try scratch.run("INSERT INTO users VALUES (1, 'Ann', 'a@example.org')")
        try migrator.down(steps: 1, in: session)
        try migrator.up(in: session)
        #expect(try scratch.value("SELECT name || coalesce(email, '-') FROM users") == "Ann-")
    }

    @Test func `status tells what is applied and when`() throws {
        let session = try session()
        let migrator = try Migrator(Self.migrations)
        try migrator.up(to: 2, in: session)
        let status = try migrator.status(in: session)
        #expect(status.map(\.standing) == [.applied, .applied, .pending])
        let applied = try #require(status[0].applied)
        #expect(applied.name == "create users")
        #expect(applied.checksum == Self.migrations[0].checksum)
        let now = try #require(Int64(try scratch.value("SELECT strftime('%s', 'now')")))
        #expect(abs(applied.appliedAt / 1_000_000 - now) < 3600)
        #expect(applied.milliseconds >= 0)
    }

    @Test func `an edited migration is refused by name`() throws {
        let session = try session()
        try Migrator(Self.migrations).up(in: session)
        var edited = Self.migrations
        edited[1] = Migration(id: 2, name: "create notes", up: ["CREATE TABLE notes (id)"], down: ["DROP TABLE notes"])
        let migrator = try Migrator(edited)
        #expect(throws: MigrationError.edited(id: 2, name: "create notes")) { try migrator.up(in: session) }
        #expect(throws: MigrationError.edited(id: 2, name: "create notes")) { try migrator.down(to: 0, in: session) }
        #expect(try migrator.status(in: session).map(\.standing) == [.applied, .edited, .applied])
        #expect(try session.schemaVersion() == 3)
    }

    @Test func `a database that is newer than the program is refused`() throws {
        let session = try session()
        try Migrator(Self.migrations).up(in: session)
        let older = try Migrator(Array(Self.migrations.prefix(2)))
        let error = MigrationError.databaseIsNewer(id: 3, name: "add users.email", programVersion: 2)
        #expect(throws: error) { try older.up(in: session) }
        #expect(throws: error) { try older.down(to: 0, in: session) }
        #expect(try older.status(in: session).map(\.standing) == [.applied, .applied, .unknown])
    }

    @Test func `a migration that was skipped is refused`() throws {
        let session = try session()
        try Migrator([Self.migrations[0], Self.migrations[2]]).up(in: session)
        let migrator = try Migrator(Self.migrations)
        #expect(throws: MigrationError.skipped(id: 2, name: "create notes")) { try migrator.up(in: session) }
    }

    @Test func `ids ascend and targets exist`() throws {
        #expect(throws: MigrationError.wrongOrder(id: 1)) { try Migrator([Self.migrations[1], Self.migrations[0]]) }
        #expect(throws: MigrationError.wrongOrder(id: 0)) {
            try Migrator([Migration(id: 0, name: "zero", up: [], down: [])])
        }
        let migrator = try Migrator(Self.migrations)
        let session = try session()
        #expect(throws: MigrationError.unknownTarget(4)) { try migrator.up(to: 4, in: session) }
        #expect(throws: MigrationError.unknownTarget(-1)) { try migrator.down(to: -1, in: session) }
        #expect(migrator.latestVersion == 3)
    }

    @Test func `nothing is undone when a step on the way cannot be`() throws {
        let session = try session()
        let migrations =
            [Self.migrations[0], Migration(id: 2, name: "forget", up: [], irreversible: "the data is gone")]
            + [Self.migrations[2]]
        let migrator = try Migrator(migrations)
        try migrator.up(in: session)
        #expect(throws: MigrationError.irreversible(id: 2, name: "forget", reason: "the data is gone")) {
            try migrator.down(to: 0, in: session)
        }
        #expect(try session.schemaVersion() == 3)
        #expect(try migrator.down(to: 2, in: session).map(\.id) == [3])
    }

    @Test func `a step that fails leaves nothing behind, and those before it stay`() throws {
        let session = try session()
        let failing = Migration(id: 2, name: "fail", up: ["CREATE TABLE half (id)", "CREATE TABLE"], down: [])
        let migrator = try Migrator([Self.migrations[0], failing])
        let error = #expect(throws: DatabaseError.self) { try migrator.up(in: session) }
        #expect(error?.diagnosis.statement == "migration 2 fail")
        #expect(try session.schemaVersion() == 1)
        #expect(try scratch.value("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == "0")
    }

    @Test func `a step that ends its transaction is refused`() throws {
        let session = try session()
        let migrator = try Migrator([Migration(id: 1, name: "commit", up: ["COMMIT"], down: [])])
        #expect(throws: MigrationError.endedTransaction(id: 1, name: "commit")) { try migrator.up(in: session) }
        #expect(try session.schemaVersion() == 0)
    }

    private static func rebuild(_ copy: String) -> Migration {
        Migration(
            id: 4,
            name: "rebuild users",
            rebuildsTables: true,
            up: [
                "CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL) STRICT",
                copy,
                "DROP TABLE users",
                "ALTER TABLE users_new RENAME TO users",
            ],
            irreversible: "a test"
        )
    }

    @Test func `a table that others refer to can be rebuilt`() throws {
        let session = try session()
        try Migrator(Self.migrations).up(in: session)
        try scratch.run("INSERT INTO users VALUES (1, 'Ann', NULL); INSERT INTO notes VALUES (1, 1)")
        let rebuild = Self.rebuild("INSERT INTO users_new SELECT id, name, coalesce(email, '') FROM users")
        try Migrator(Self.migrations + [rebuild]).up(in: session)
        #expect(try scratch.value("SELECT name FROM users JOIN notes ON author = users.id") == "Ann")
        #expect(try scratch.value("SELECT count(*) FROM pragma_foreign_key_check") == "0")
    }

    @Test func `a rebuild that loses rows to which others refer is refused`() throws {
        let session = try session()
        try Migrator(Self.migrations).up(in: session)
        try scratch.run("INSERT INTO users VALUES (1, 'Ann', NULL); INSERT INTO notes VALUES (1, 1)")
        let migrator = try Migrator(Self.migrations + [Self.rebuild("SELECT 1")])
        #expect(throws: MigrationError.danglingReferences(id: 4, name: "rebuild users", table: "notes")) {
            try migrator.up(in: session)
        }
        #expect(try scratch.value("SELECT name FROM users") == "Ann")
        #expect(try session.schemaVersion() == 3)
    }

    @Test func `a step edits the schema where it says so, and others may not`() throws {
        let session = try session()
        try Migrator(Self.migrations).up(in: session)
        try scratch.run("INSERT INTO users VALUES (1, 'Ann', NULL)")
        func edit(_ editsSchema: Bool, _ column: String = "name TEXT") -> Migration {
            Migration(
                id: 4,
                name: "free users.name",
                editsSchema: editsSchema,
                up: [
                    "PRAGMA writable_schema = ON",
                    "UPDATE sqlite_schema SET sql = replace(sql, 'name TEXT NOT NULL', '\(column)') WHERE name = 'users'",
                    "PRAGMA writable_schema = RESET",
                    "CREATE TABLE seen (id)",
                    "DROP TABLE seen",
                ],
                down: []
            )
        }
        #expect(throws: DatabaseError.self) { try Migrator(Self.migrations + [edit(false)]).up(in: session) }
        // What SQLite cannot read is not kept.
        #expect(throws: DatabaseError.self) { try Migrator(Self.migrations + [edit(true, "name (")]).up(in: session) }
        #expect(try session.schemaVersion() == 3)
        try Migrator(Self.migrations + [edit(true)]).up(in: session)
        try scratch.run("INSERT INTO users VALUES (2, NULL, NULL)")
        #expect(try scratch.value("SELECT count(*) FROM users") == "2")
        #expect(try scratch.value("SELECT quick_check FROM pragma_quick_check") == "ok")
        #expect(throws: DatabaseError.self) {
            try Migrator(Self.migrations + [edit(true), Migration(id: 5, name: "again", up: edit(true).up, down: [])])
                .up(in: session)
        }
    }

    @Test func `several migrators at once apply every step once`() throws {
        let path = scratch.path
        let applied = Mutex<[Int]>([])
        let errors = Mutex<[String]>([])
        try onThreads(4) { _ in
            do {
                let session = try DatabaseSession(
                    DatabaseOptions(path: path, busyTimeout: .seconds(60)),
                    registry: try StatementRegistry([])
                )
                let ids = try Migrator(Self.migrations).up(in: session).map(\.id)
                applied.withLock { $0 += ids }
            } catch {
                errors.withLock { $0.append(String(describing: error)) }
            }
        }
        #expect(errors.withLock { $0 } == [])
        #expect(applied.withLock { $0.sorted() } == [1, 2, 3])
        #expect(try session().schemaVersion() == 3)
    }

    @Test func `the checksum is that of FNV-1a and changes with everything`() {
        let base = Migration(id: 1, name: "a", up: ["b", "c"], down: ["d"])
        #expect(base.checksum == "b568400514a453aceef52e8a0e2541a9")
        let others = [
            Migration(id: 2, name: "a", up: ["b", "c"], down: ["d"]),
            Migration(id: 1, name: "A", up: ["b", "c"], down: ["d"]),
            Migration(id: 1, name: "a", rebuildsTables: true, up: ["b", "c"], down: ["d"]),
            Migration(id: 1, name: "a", editsSchema: true, up: ["b", "c"], down: ["d"]),
            Migration(id: 1, name: "a", up: ["bc"], down: ["d"]),
            Migration(id: 1, name: "a", up: ["b"], down: ["c", "d"]),
            Migration(id: 1, name: "a", up: ["b", "c"], irreversible: "d"),
        ]
        #expect(Set(others.map(\.checksum) + [base.checksum]).count == 8)
    }
}
