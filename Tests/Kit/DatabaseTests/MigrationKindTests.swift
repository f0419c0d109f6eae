import Database
import Linux
import LinuxTestSupport
import MigrationTestSupport
import PostgreSQLTestSupport
import Synchronization
import Testing

/// Migrations that are not one transaction.
struct MigrationKindTests {
    private struct Ended: Error {}

    private static let latest = NoteMigrations.all.map(\.id)

    private static func expected(_ dialect: SQLDialect) throws -> [String] {
        let database = try MigratedDatabase(dialect)
        try Migrator(NoteMigrations.all).up(in: try database.session())
        return try database.dump()
    }

    @Test(arguments: SQLDialect.allCases)
    func `all kinds go up, down and up, all at once and each alone`(dialect: SQLDialect) throws {
        let database = try MigratedDatabase(dialect)
        let session = try database.session()
        let migrator = try Migrator(NoteMigrations.all)
        #expect(try migrator.up(in: session).map(\.id) == Self.latest)
        let first = try database.dump()
        #expect(try database.number("SELECT count(*) FROM notes WHERE length = length(text)") == 350)
        #expect(try migrator.down(to: 0, in: session).map(\.id) == Self.latest.reversed())
        #expect(try database.dump().isEmpty)
        for id in Self.latest {
            let before = try database.dump()
            #expect(try migrator.up(to: id, in: session).map(\.id) == [id])
            #expect(try migrator.status(in: session).map(\.standing).filter { $0 == .applied }.count == id)
            #expect(try migrator.down(steps: 1, in: session).map(\.id) == [id])
            // What was filled stays.
            if id != 4 { #expect(try database.dump() == before) }
            try migrator.up(to: id, in: session)
        }
        #expect(try database.dump() == first)
    }

    @Test(arguments: SQLDialect.allCases)
    func `a migrator that is killed at any moment leaves what the next one brings to the same end`(
        dialect: SQLDialect
    ) throws {
        let expected = try Self.expected(dialect)
        var step = 1
        while true {
            let database = try MigratedDatabase(dialect)
            let end = try database.probe("up", killedAt: step)
            try Migrator(NoteMigrations.all).up(in: try database.session())
            #expect(try database.dump() == expected, "killed at step \(step)")
            guard end != .exited(0) else { break }
            #expect(end == .killed(signal: 9))
            step += 1
        }
        #expect(step > 25)
    }

    @Test(arguments: SQLDialect.allCases)
    func `one that is killed on the way back leaves what goes either way`(dialect: SQLDialect) throws {
        let expected = try Self.expected(dialect)
        var step = 1
        while true {
            let database = try MigratedDatabase(dialect)
            let migrator = try Migrator(NoteMigrations.all)
            let session = try database.session()
            try migrator.up(in: session)
            let end = try database.probe("down", killedAt: step)
            if step.isMultiple(of: 2) {
                try migrator.down(to: 0, in: session)
                #expect(try database.dump().isEmpty, "killed at step \(step)")
            }
            try migrator.up(in: session)
            #expect(try database.dump() == expected, "killed at step \(step)")
            guard end != .exited(0) else { break }
            step += 1
        }
        #expect(step > 10)
    }

    @Test(arguments: SQLDialect.allCases)
    func `several migrators at once share the work`(dialect: SQLDialect) throws {
        let database = try MigratedDatabase(dialect)
        let applied = Mutex<[Int]>([])
        try onThreads(4) { _ in
            do {
                let ids = try Migrator(NoteMigrations.all).up(in: try database.session()).map(\.id)
                applied.withLock { $0 += ids }
            } catch {
                Issue.record("\(error)")
            }
        }
        #expect(applied.withLock { $0.sorted() } == Self.latest)
        #expect(try database.dump() == Self.expected(dialect))
    }

    @Test func `on a file who goes on finds that another has gone back, and leaves no gap`() throws {
        let database = try MigratedDatabase(.sqlite)
        let migrator = try Migrator(NoteMigrations.all)
        let last = try #require(Self.latest.last)
        #expect(throws: MigrationError.self) {
            try migrator.up(in: try database.session()) { event in
                guard case .finished(let migration) = event, migration.id == last - 1 else { return }
                try migrator.down(steps: 1, in: try database.session())
            }
        }
        let standings = try migrator.status(in: try database.session()).map(\.standing)
        #expect(standings.suffix(2) == [.pending, .pending])
        #expect(try migrator.up(in: try database.session()).map(\.id) == [last - 1, last])
        #expect(try database.dump() == Self.expected(.sqlite))
    }

    @Test func `on a server who goes back waits for who goes on, and takes back the last step then`() throws {
        let database = try MigratedDatabase(.postgreSQL)
        let migrator = try Migrator(NoteMigrations.all)
        let undone = Mutex<[Int]>([])
        var thread: Thread?
        try migrator.up(in: try database.session()) { event in
            guard thread == nil, case .advanced = event else { return }
            thread = try Thread(name: "down") {
                let ids = try? migrator.down(steps: 1, in: try database.session()).map(\.id)
                undone.withLock { $0 = ids ?? [] }
            }
        }
        thread?.join()
        #expect(undone.withLock { $0 } == Self.latest.suffix(1))
        let standings = try migrator.status(in: try database.session()).map(\.standing)
        #expect(standings == Self.latest.dropLast().map { _ in .applied } + [.pending])
    }

    @Test(arguments: SQLDialect.allCases)
    func `a step that is applied and said to be underway is refused before anything is done`(
        dialect: SQLDialect
    ) throws {
        let database = try MigratedDatabase(dialect)
        let migrator = try Migrator(NoteMigrations.all)
        try migrator.up(to: 1, in: try database.session())
        let checksum = try #require(migrator.status(in: try database.session())[0].applied?.checksum)
        try database.run(
            """
            CREATE TABLE schema_progress AS SELECT CAST(1 AS bigint) AS id, CAST('a' AS text) AS name,
            CAST('\(checksum)' AS text) AS checksum, CAST(0 AS bigint) AS row_count, CAST(0 AS bigint) AS row_total
            """
        )
        let name = NoteMigrations.all[0].name
        #expect(throws: MigrationError.appliedAndUnderway(id: 1, name: name)) {
            try migrator.up(in: try database.session())
        }
        #expect(throws: MigrationError.appliedAndUnderway(id: 1, name: name)) {
            try migrator.down(to: 0, in: try database.session())
        }
        #expect(try database.session().schemaVersion() == 1)
    }

    // MARK: - Backfills

    @Test(arguments: SQLDialect.allCases)
    func `a backfill ends where the table ended when it began, and leaves what was written meanwhile`(
        dialect: SQLDialect
    ) throws {
        let database = try MigratedDatabase(dialect)
        let batches = Mutex<[Int]>([])
        try Migrator(NoteMigrations.all).up(to: 4, in: try database.session()) { event in
            guard case .advanced(_, let rows, _) = event else { return }
            if rows == 100 {
                try database.run("INSERT INTO notes (id, text) VALUES (1000, 'later')")
                try database.run("UPDATE notes SET length = 99 WHERE id = 300")
                try database.run("DELETE FROM notes WHERE id IN (101, 200)")
            }
            batches.withLock { $0.append(rows) }
        }
        // The batch that would have begun with a row that is gone begins with the next one.
        #expect(batches.withLock { $0 } == [100, 200, 300, 348])
        #expect(try database.number("SELECT count(*) FROM notes WHERE length IS NULL") == 1)
        #expect(try database.number("SELECT length FROM notes WHERE id = 300") == 99)
    }

    @Test(arguments: SQLDialect.allCases)
    func `a backfill that was ended goes on behind its last batch, and status tells how far it is`(
        dialect: SQLDialect
    ) throws {
        let database = try MigratedDatabase(dialect)
        let migrator = try Migrator(NoteMigrations.all)
        #expect(throws: Ended.self) {
            try migrator.up(in: try database.session()) { event in
                if case .advanced(_, let rows, _) = event, rows == 200 { throw Ended() }
            }
        }
        // What is done is not looked at again.
        try database.run("UPDATE notes SET length = NULL WHERE id = 5")
        let session = try database.session()
        let status = try migrator.status(in: session)
        #expect(status.map(\.standing) == [.applied, .applied, .applied, .underway, .pending])
        #expect(status[3].underway?.rows == 200)
        #expect(status[3].underway?.total == 350)
        #expect(try migrator.plan(in: session).map(\.underway?.rows) == [200, nil])
        #expect(try migrator.up(to: 4, in: session).map(\.id) == [4])
        #expect(try database.number("SELECT count(*) FROM notes WHERE length IS NULL") == 1)
    }

    @Test(arguments: SQLDialect.allCases)
    func `what is underway is refused when it was edited or is not known, and is taken back first`(
        dialect: SQLDialect
    ) throws {
        let database = try MigratedDatabase(dialect)
        let migrator = try Migrator(NoteMigrations.all)
        let session = try database.session()
        #expect(throws: Ended.self) {
            try migrator.up(in: session) { if case .advanced = $0 { throw Ended() } }
        }
        let edited = Backfill("notes", set: "length = 1", where: "length IS NULL")
        let other = NoteMigrations.all.prefix(3) + [Migration(id: 4, name: "fill notes.length", backfill: edited)]
        #expect(throws: MigrationError.edited(id: 4, name: "fill notes.length")) {
            try Migrator(Array(other)).up(in: session)
        }
        let older = try Migrator(Array(NoteMigrations.all.prefix(3)))
        #expect(throws: MigrationError.databaseIsNewer(id: 4, name: "fill notes.length", programVersion: 3)) {
            try older.up(in: session)
        }
        #expect(try older.status(in: session).map(\.standing) == [.applied, .applied, .applied, .unknown])
        #expect(try migrator.down(steps: 1, in: session).map(\.id) == [4])
        #expect(try migrator.status(in: session).map(\.standing)[3] == .pending)
        #expect(try migrator.up(in: session).map(\.id) == [4, 5])
        #expect(try database.number("SELECT count(*) FROM notes WHERE length IS NULL") == 0)
    }

    @Test(arguments: SQLDialect.allCases)
    func `a backfill goes by a key of any type, and through an empty table`(dialect: SQLDialect) throws {
        let isSQLite = dialect == .sqlite
        let database = try MigratedDatabase(dialect)
        try database.run(
            "CREATE TABLE files (id \(isSQLite ? "BLOB" : "bytea") PRIMARY KEY, name text, size bigint)"
        )
        try database.run("CREATE TABLE none (name text PRIMARY KEY, size bigint)")
        let rows = ["", "00", "0027", "5C", "FF00", "FF01"].map { hexadecimal in
            isSQLite ? "(x'\(hexadecimal)', 'a')" : "('\\x\(hexadecimal)', 'a')"
        }
        try database.run("INSERT INTO files (id, name) VALUES \(rows.joined(separator: ", "))")
        let fill = Backfill("files", set: "size = 1", where: "size IS NULL", rowsPerBatch: 2, share: 100)
        let migrator = try Migrator([
            Migration(id: 1, name: "fill what isn't there", backfill: fill),
            Migration(id: 2, name: "fill none", backfill: Backfill("none", by: "name", set: "size = 1", where: "true")),
        ])
        try migrator.up(in: try database.session())
        #expect(try database.number("SELECT count(*) FROM files WHERE size = 1") == 6)
    }

    @Test func `a backfill reads each row a few times on PostgreSQL, however many there are`() throws {
        let database = try MigratedDatabase(.postgreSQL)
        try database.run("CREATE TABLE many (id bigint PRIMARY KEY, size bigint)")
        try database.run("INSERT INTO many (id) SELECT * FROM generate_series(1, 20000)")
        let fill = Backfill("many", set: "size = 1", where: "size IS NULL", rowsPerBatch: 100, share: 100)
        try Migrator([Migration(id: 1, name: "fill many", backfill: fill)]).up(in: try database.session())
        // The server tells a moment later.
        try eventually("all changes are counted") {
            try database.number("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'many'") == 20_000
        }
        let read = try database.number(
            """
            SELECT sum(idx_tup_read)::bigint + (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'many')
            FROM pg_stat_user_indexes WHERE relname = 'many'
            """
        )
        #expect(read < 200_000)
    }

    @Test func `a backfill rests as long as its share leaves`() throws {
        // Three quarters of the time: 20 ms at least for what takes 7.
        let slow = Backfill("notes", set: "length = 1", where: "length IS NULL", rowsPerBatch: 50, share: 5)
        let database = try MigratedDatabase(.sqlite)
        let migrations = NoteMigrations.all.prefix(3) + [Migration(id: 4, name: "fill", backfill: slow)]
        var batches: [ContinuousClock.Instant] = []
        var working = Duration.zero
        var began = ContinuousClock.now
        try Migrator(Array(migrations)).up(in: try database.session()) { event in
            switch event {
            case .underway, .began: began = .now
            case .advanced:
                if batches.isEmpty { working = began.duration(to: .now) }
                batches.append(.now)
            default: break
            }
        }
        let first = try #require(batches.first)
        // The first batch alone asks for 19 times of what it took, which here is measured with a little around it.
        #expect(batches.count == 7)
        #expect(first.duration(to: batches[1]) > working)
    }

    // MARK: - Checksums

    @Test func `the checksum of each kind changes with what it does, and not with how fast`() {
        func checksum(_ backfill: Backfill) -> String { Migration(id: 1, name: "a", backfill: backfill).checksum }
        let base = checksum(Backfill("a", set: "b = 1", where: "b IS NULL"))
        #expect(base == checksum(Backfill("a", set: "b = 1", where: "b IS NULL", rowsPerBatch: 7, share: 3)))
        let others = [
            checksum(Backfill("b", set: "b = 1", where: "b IS NULL")),
            checksum(Backfill("a", by: "c", set: "b = 1", where: "b IS NULL")),
            checksum(Backfill("a", set: "b = 2", where: "b IS NULL")),
            checksum(Backfill("a", set: "b = 1", where: "b = 0")),
            Migration(id: 1, name: "a", up: ["UPDATE a SET b = 1 WHERE b IS NULL"], down: []).checksum,
        ]
        #expect(Set(others + [base]).count == 6)
    }
}
