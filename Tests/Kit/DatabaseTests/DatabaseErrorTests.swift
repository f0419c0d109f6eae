import Database
import Linux
import LinuxTestSupport
import Testing

struct DatabaseErrorTests {
    private static let schema = """
        CREATE TABLE parents (id INTEGER PRIMARY KEY, email TEXT, folded TEXT UNIQUE) STRICT;
        CREATE UNIQUE INDEX parents_email_lower ON parents (lower(email));
        CREATE TABLE children (
            first TEXT, second INTEGER CONSTRAINT second_positive CHECK (second > 0), third INTEGER CHECK (third < 10),
            parent INTEGER REFERENCES parents (id), must TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (first, second)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE "odd: name" ("a: b" TEXT UNIQUE, "it's" TEXT UNIQUE);
        CREATE TRIGGER never BEFORE DELETE ON parents BEGIN SELECT RAISE(ABORT, 'parents_are_kept'); END;
        INSERT INTO parents VALUES (1, 'A@example.org', 'a');
        INSERT INTO children (first, second) VALUES ('x', 1);
        INSERT INTO "odd: name" VALUES ('1', '1');
        """

    @Test(
        arguments: [
            ("INSERT INTO parents VALUES (2, 'b', 'a')", .unique, "parents.folded"),
            ("INSERT INTO parents VALUES (2, 'a@EXAMPLE.org', 'b')", .unique, "parents_email_lower"),
            ("INSERT INTO \"odd: name\" VALUES ('1', '2')", .unique, "odd: name.a: b"),
            ("INSERT INTO \"odd: name\" VALUES ('2', '1')", .unique, "odd: name.it's"),
            ("INSERT INTO parents VALUES (1, 'b', 'b')", .primaryKey, "parents.id"),
            ("INSERT INTO children (first, second) VALUES ('x', 1)", .primaryKey, "children.first, children.second"),
            ("INSERT INTO children (first, second) VALUES ('y', -1)", .check, "second_positive"),
            ("INSERT INTO children (first, second, third) VALUES ('y', 1, 10)", .check, "third < 10"),
            ("INSERT INTO children (first, second, must) VALUES ('y', 1, NULL)", .notNull, "children.must"),
            ("UPDATE children SET parent = 9", .foreignKey, ""),
            ("INSERT INTO children (first, second) VALUES ('y', 'no integer')", .dataType, ""),
            ("DELETE FROM parents", .trigger, "parents_are_kept"),
        ] as [(String, DatabaseConstraintKind, String)]
    )
    func `a constraint is known by its kind and name`(
        sql: String,
        kind: DatabaseConstraintKind,
        name: String
    ) throws {
        let scratch = try ScratchDatabase(Self.schema)
        let statement = StatementDefinition("violation", sql: sql)
        let session = try scratch.session([statement])
        let error = #expect(throws: DatabaseError.self) {
            try session.write { transaction in _ = try transaction.execute(statement) }
        }
        guard case .constraint(let actualKind, let actualName, let diagnosis)? = error else {
            Issue.record("no constraint: \(String(describing: error))")
            return
        }
        #expect(actualKind == kind)
        #expect(actualName == name)
        #expect(diagnosis.statement == "violation")
    }

    @Test func `a foreign key is checked for RETURNING too`() throws {
        let scratch = try ScratchDatabase(Self.schema)
        let statement = StatementDefinition(
            "violation",
            sql: "INSERT INTO children (first, second, parent) VALUES ('y', 1, 9) RETURNING second"
        )
        let session = try scratch.session([statement])
        let error = #expect(throws: DatabaseError.self) {
            try session.write { transaction in try transaction.row(statement) { row in try row.int(0) } }
        }
        guard case .constraint(.foreignKey, "", _)? = error else {
            Issue.record("no foreign key: \(String(describing: error))")
            return
        }
    }

    private func reason(_ error: DatabaseError?) -> DatabaseUnavailability? {
        guard case .unavailable(let reason, _)? = error else { return nil }
        return reason
    }

    @Test func `a lock that stays taken makes the database unavailable within the timeout`() throws {
        let scratch = try ScratchDatabase(Notes.schema)
        let holder = try scratch.session(Notes.statements)
        let waiter = try scratch.session(Notes.statements, busyTimeout: .milliseconds(50))
        let start = ContinuousClock.now
        let error = try holder.write { transaction in
            try transaction.execute(Notes.insert, "held", 0)
            return #expect(throws: DatabaseError.self) {
                try waiter.write { transaction in _ = try transaction.execute(Notes.insert, "late", 0) }
            }
        }
        let elapsed = start.duration(to: .now)
        #expect(reason(error) == .busy)
        #expect(elapsed >= .milliseconds(50))
        #expect(elapsed < .seconds(5))
        #expect(try waiter.noteCount() == 1)
    }

    @Test func `a full disk makes the database unavailable and changes nothing`() throws {
        let scratch = try ScratchDatabase(Notes.schema)
        let limit = StatementDefinition("limit", sql: "PRAGMA max_page_count = 8")
        let session = try scratch.session(Notes.statements + [limit])
        try session.write { transaction in _ = try transaction.execute(Notes.insert, "before", 0) }
        try session.forEachRow(limit) { _ in }
        let error = #expect(throws: DatabaseError.self) {
            try session.write { transaction in
                for _ in 0..<100 {
                    try transaction.execute(Notes.insert, String(repeating: "x", count: 1000), 0)
                }
            }
        }
        #expect(reason(error) == .full)
        #expect(try session.rows(Notes.all) { row in try row.string(1) } == ["before"])
        try session.write { transaction in _ = try transaction.execute(Notes.insert, "after", 0) }
        #expect(try scratch.value("SELECT count(*) FROM notes") == "2")
    }

    @Test func `a database that may only be read is unavailable for writing`() throws {
        let scratch = try ScratchDatabase(Notes.schema)
        let lock = StatementDefinition("lock", sql: "PRAGMA query_only = ON")
        let session = try scratch.session(Notes.statements + [lock])
        try session.forEachRow(lock) { _ in }
        let error = #expect(throws: DatabaseError.self) {
            try session.write { transaction in _ = try transaction.execute(Notes.insert, "x", 0) }
        }
        #expect(reason(error) == .readOnly)
    }

    @Test func `a file that cannot be opened makes the database unavailable`() {
        let options = DatabaseOptions(path: "/nowhere/at/all.db")
        let error = #expect(throws: DatabaseError.self) {
            _ = try DatabaseSession(options, registry: try StatementRegistry([]))
        }
        #expect(reason(error) == .cannotOpen)
    }

    @Test func `a file that is no database is corrupt`() throws {
        let scratch = ScratchDatabase()
        try Files.replace(scratch.path, with: Array(repeating: 0x2A, count: 8192), permissions: 0o600)
        let error = #expect(throws: DatabaseError.self) { _ = try scratch.session([]) }
        guard case .corrupt? = error else {
            Issue.record("not corrupt: \(String(describing: error))")
            return
        }
    }

    @Test func `wrong SQL is an error with the statement's id`() throws {
        let scratch = ScratchDatabase()
        let wrong = StatementDefinition("wrong", sql: "SELECT nothing FROM nowhere")
        let session = try scratch.session([wrong])
        let error = #expect(throws: DatabaseError.self) { try session.row(wrong) { row in try row.int(0) } }
        guard case .other(let diagnosis)? = error else {
            Issue.record("not other: \(String(describing: error))")
            return
        }
        #expect(diagnosis.statement == "wrong")
    }

    @Test func `an interrupt ends what runs, and the session goes on`() throws {
        let scratch = try ScratchDatabase(Notes.schema)
        let endless = StatementDefinition(
            "endless",
            sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        )
        let session = try scratch.session(Notes.statements + [endless])
        let interrupter = session.interrupter
        let error = #expect(throws: DatabaseError.self) {
            try session.write { transaction in
                try transaction.execute(Notes.insert, "lost", 0)
                var isFirst = true
                try transaction.forEachRow(endless) { _ in
                    if isFirst { try onThreads(1) { _ in interrupter.interrupt() } }
                    isFirst = false
                }
            }
        }
        guard case .interrupted? = error else {
            Issue.record("not interrupted: \(String(describing: error))")
            return
        }
        #expect(try session.noteCount() == 0)
    }
}
