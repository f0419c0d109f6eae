import Database
import Testing

struct PlanCheckTests {
    private static let schema = """
        CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
        CREATE UNIQUE INDEX users_email ON users (email);
        CREATE INDEX users_created ON users (created_at, id);
        CREATE TABLE sessions (
            token BLOB PRIMARY KEY, user INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sessions_user ON sessions (user);
        """

    private static let byEmail = StatementDefinition(
        "users.by_email",
        reads: ["users"],
        plan: [.search("users", using: "users_email", on: "email=?")],
        sql: "SELECT id FROM users WHERE email = ?1"
    )
    private static let page = StatementDefinition(
        "users.page",
        reads: ["users"],
        plan: [.search("users", using: "users_created", on: "created_at<?")],
        sql: """
            SELECT id, email FROM users WHERE (created_at, id) < (?1, ?2)
            ORDER BY created_at DESC, id DESC LIMIT ?3
            """
    )
    private static let batch = StatementDefinition(
        "users.batch",
        reads: ["users"],
        plan: [
            .search("users", using: .primaryKey),
            .scan("json_each", because: "it is the list of ids"),
        ],
        sql: "SELECT id, email FROM users WHERE id IN (SELECT value FROM json_each(?1))"
    )
    private static let session = StatementDefinition(
        "sessions.find",
        reads: ["sessions", "users"],
        plan: [.search("s", using: .primaryKey, on: "token=?"), .search("u", using: .primaryKey)],
        sql: "SELECT u.id FROM sessions s JOIN users u ON u.id = s.user WHERE s.token = ?1"
    )
    private static let deleteUser = StatementDefinition(
        "users.delete",
        writes: ["users", "sessions"],
        plan: [.search("users", using: .primaryKey), .search("sessions", using: "sessions_user")],
        sql: "DELETE FROM users WHERE id = ?1"
    )
    private static let insertSession = StatementDefinition(
        "sessions.insert",
        writes: ["sessions"],
        sql: "INSERT INTO sessions (token, user) VALUES (?1, ?2)"
    )
    private static let deleteSessions = StatementDefinition(
        "sessions.clear",
        writes: ["sessions"],
        plan: [.scan("sessions", along: "sessions_user", because: "all of them go")],
        sql: "DELETE FROM sessions"
    )

    private func problems(
        _ definitions: [StatementDefinition],
        after change: String = ""
    ) throws -> [PlanViolation.Problem] {
        let scratch = try ScratchDatabase(Self.schema + change)
        let registry = try StatementRegistry(definitions)
        let session = try DatabaseSession(DatabaseOptions(path: scratch.path), registry: registry)
        return try registry.planViolations(in: session).map(\.problem)
    }

    @Test(arguments: ["", "ANALYZE"])
    func `plans as declared are all right, with and without statistics`(change: String) throws {
        let definitions = [
            Self.byEmail, Self.page, Self.batch, Self.session, Self.deleteUser, Self.insertSession,
            Self.deleteSessions,
        ]
        #expect(try problems(definitions, after: change) == [])
    }

    @Test func `an index that is gone is told`() throws {
        let found = try problems([Self.byEmail], after: "DROP INDEX users_email")
        #expect(found == [.undeclared("SCAN users"), .unmet(Self.byEmail.plan[0])])
    }

    @Test func `a sort that comes with a lost index is told`() throws {
        let found = try problems([Self.page], after: "DROP INDEX users_created")
        #expect(found.contains(.undeclared("SCAN users")))
        #expect(found.contains(.undeclared("USE TEMP B-TREE FOR ORDER BY")))
        #expect(found.contains(.unmet(Self.page.plan[0])))
    }

    @Test func `an index used with fewer columns than declared is told`() throws {
        let narrow = StatementDefinition(
            "narrow",
            reads: ["users"],
            plan: [.search("users", using: "users_created", on: "created_at=? AND rowid>?")],
            sql: "SELECT email FROM users WHERE created_at = ?1"
        )
        #expect(try problems([narrow]).contains(.unmet(narrow.plan[0])))
    }

    @Test func `scans and sorts are all right when they are declared`() throws {
        let report = StatementDefinition(
            "report",
            reads: ["users"],
            plan: [.scan("users", along: "users_email", because: "a report"), .temporaryTree(because: "a report")],
            sql: "SELECT email FROM users ORDER BY length(email)"
        )
        #expect(try problems([report]) == [])
        let undeclared = StatementDefinition("bare", reads: ["users"], sql: report.sql)
        #expect(
            try problems([undeclared]) == [
                .undeclared("SCAN users USING COVERING INDEX users_email"),
                .undeclared("USE TEMP B-TREE FOR ORDER BY"),
            ]
        )
    }

    @Test func `an index that SQLite builds for one run is told`() throws {
        let join = StatementDefinition(
            "join",
            reads: ["users"],
            plan: [.scan("a", because: "a test")],
            sql: "SELECT a.id FROM users a LEFT JOIN users b ON b.created_at + 0 = 1 AND b.email = a.email || ''"
        )
        let found = try problems([join], after: "DROP INDEX users_email; DROP INDEX users_created")
        #expect(found.contains(.automaticIndex("b")))
    }

    @Test func `tables that are used otherwise than declared are told`() throws {
        let noCascade = StatementDefinition(
            "no cascade",
            writes: ["users"],
            plan: Self.deleteUser.plan,
            sql: Self.deleteUser.sql
        )
        #expect(try problems([noCascade]) == [.undeclaredWrite("sessions")])
        let unread = StatementDefinition("unread", plan: Self.byEmail.plan, sql: Self.byEmail.sql)
        #expect(try problems([unread]) == [.undeclaredRead("users")])
        let tooMany = StatementDefinition(
            "too many",
            reads: ["users", "sessions"],
            plan: Self.byEmail.plan,
            sql: Self.byEmail.sql
        )
        #expect(try problems([tooMany]) == [.unusedTable("sessions")])
        let emptying = StatementDefinition(
            "emptying",
            plan: Self.deleteSessions.plan,
            sql: Self.deleteSessions.sql
        )
        #expect(try problems([emptying]) == [.undeclaredWrite("sessions")])
    }

    @Test func `every index is needed by some statement`() throws {
        let definitions = [Self.byEmail, Self.page, Self.session, Self.deleteUser]
        for index in ["users_email", "users_created", "sessions_user"] {
            #expect(try !problems(definitions, after: "DROP INDEX \(index)").isEmpty)
        }
    }

    @Test func `a statement that does not fit the schema is an error`() {
        #expect(throws: DatabaseError.self) { try problems([Self.byEmail], after: "DROP TABLE users") }
    }
}
