import Database
import Testing

struct MigrationLintTests {
    private func rules(
        _ script: String,
        phase: Migration.Phase = .expand,
        isOneTransaction: Bool = true
    ) -> [LintRule] {
        var lint = MigrationLint()
        let findings = lint.findings(in: script, named: "a.sql", phase: phase, isOneTransaction: isOneTransaction)
        return findings.map(\.rule)
    }

    @Test(
        arguments: [
            ("ALTER TABLE users RENAME TO people", .rename),
            ("ALTER TABLE users RENAME COLUMN name TO title", .rename),
            ("ALTER TABLE users RENAME name TO title", .rename),
            ("ALTER TABLE IF EXISTS ONLY public.users SET SCHEMA old", .rename),
            ("ALTER INDEX users_name RENAME TO users_title", .rename),
            ("DROP TABLE users, notes", .dropInUse),
            ("DROP VIEW names", .dropInUse),
            ("ALTER TABLE users DROP COLUMN name", .dropInUse),
            ("ALTER TABLE users DROP name", .dropInUse),
            ("ALTER TABLE users ALTER COLUMN name DROP NOT NULL", .dropInUse),
            ("ALTER TABLE users ALTER COLUMN name SET NOT NULL", .setNotNull),
            ("alter table \"users\" alter \"name\" set not null", .setNotNull),
            ("ALTER TABLE users ADD COLUMN age bigint NOT NULL", .requiredColumn),
            ("ALTER TABLE users ADD age bigint NOT NULL", .requiredColumn),
            ("ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid()", .rewritingColumn),
            ("ALTER TABLE users ADD COLUMN token text NOT NULL DEFAULT md5(random()::text)", .rewritingColumn),
            ("ALTER TABLE users ADD COLUMN number bigserial", .rewritingColumn),
            ("ALTER TABLE users ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY", .rewritingColumn),
            ("ALTER TABLE users ADD COLUMN half bigint GENERATED ALWAYS AS (age / 2) STORED", .rewritingColumn),
            ("ALTER TABLE users ALTER COLUMN age TYPE numeric(10, 2)", .changeType),
            ("ALTER TABLE users ALTER age SET DATA TYPE text USING age::text", .changeType),
            ("CREATE INDEX users_age ON users (age)", .blockingIndex),
            ("CREATE UNIQUE INDEX IF NOT EXISTS users_age ON ONLY users (age)", .blockingIndex),
            ("CREATE INDEX ON users (age)", .blockingIndex),
            ("DROP INDEX users_age", .blockingDropIndex),
            ("ALTER TABLE users ADD CONSTRAINT users_age CHECK (age > 0)", .validatingConstraint),
            ("ALTER TABLE users ADD CHECK (age > 0)", .validatingConstraint),
            ("ALTER TABLE users ADD FOREIGN KEY (note) REFERENCES notes (id)", .validatingConstraint),
            ("ALTER TABLE users ADD COLUMN note bigint REFERENCES notes (id)", .validatingConstraint),
            ("ALTER TABLE users ADD CONSTRAINT users_key PRIMARY KEY (id)", .indexingConstraint),
            ("ALTER TABLE users ADD CONSTRAINT users_name UNIQUE (name)", .indexingConstraint),
            ("ALTER TABLE users ADD COLUMN name text UNIQUE", .indexingConstraint),
            ("ALTER TABLE users ADD CONSTRAINT apart EXCLUDE USING gist (place WITH &&)", .indexingConstraint),
            ("TRUNCATE users", .exclusiveLock),
            ("LOCK TABLE users IN SHARE MODE", .exclusiveLock),
            ("CLUSTER users USING users_name", .exclusiveLock),
            ("REINDEX TABLE users", .exclusiveLock),
            ("REFRESH MATERIALIZED VIEW names", .exclusiveLock),
            ("ALTER TABLE users SET UNLOGGED", .exclusiveLock),
            ("UPDATE users SET age = 1", .massChange),
            ("DELETE FROM users WHERE age IS NULL", .massChange),
            ("WITH old AS (SELECT 1) UPDATE users SET age = 1", .massChange),
            ("CREATE INDEX CONCURRENTLY users_age ON users (age)", .outsideTransaction),
            ("DROP INDEX CONCURRENTLY users_age", .outsideTransaction),
            ("REINDEX TABLE CONCURRENTLY users", .outsideTransaction),
            ("VACUUM users", .outsideTransaction),
            ("COMMIT", .transactionControl),
            ("DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$", .unknown),
            ("ALTER TABLE users ATTACH PARTITION more DEFAULT", .unknown),
            ("SHUFFLE users", .unknown),
            ("CREATE TABLE a (); TRUNCATE a, users", .exclusiveLock),
            ("CREATE TABLE a (); LOCK TABLE a, ONLY users", .exclusiveLock),
            ("CREATE TABLE IF NOT EXISTS users (); ALTER TABLE users ALTER age TYPE text", .changeType),
            ("CREATE TABLE users_2 PARTITION OF users FOR VALUES IN (2)", .exclusiveLock),
            ("WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone", .massChange),
            ("ALTER TABLE users ADD COLUMN size bigint, VALIDATE CONSTRAINT users_age", .validationWithConstraint),
            ("-- a comment\rALTER TABLE users ALTER age TYPE text", .changeType),
        ] as [(String, LintRule)]
    )
    func `what locks, rewrites or breaks the program before is refused`(sql: String, rule: LintRule) {
        #expect(rules(sql) == [rule])
        // What is around it, and how it is written, makes no difference.
        #expect(rules("SELECT 1;\n/* a /* nested */ ; comment */ \(sql) -- ; the end\n;") == [rule])
        #expect(!rule.reason.isEmpty && !rule.safeForm.isEmpty)
    }

    @Test(arguments: [
        "ALTER TABLE users ADD COLUMN age bigint",
        "ALTER TABLE users ADD COLUMN age bigint DEFAULT NULL, ADD COLUMN size bigint NOT NULL DEFAULT -1",
        "ALTER TABLE users ADD COLUMN kind varchar(10) NOT NULL DEFAULT 'RENAME; DROP'::varchar(10)",
        "ALTER TABLE users ADD COLUMN seen timestamptz NOT NULL DEFAULT now()",
        "ALTER TABLE users ALTER COLUMN age SET DEFAULT random(), ALTER COLUMN size DROP DEFAULT",
        "ALTER TABLE users DROP CONSTRAINT users_age, ADD COLUMN IF NOT EXISTS size bigint",
        "ALTER TABLE users ADD CONSTRAINT users_age CHECK (age > 0) NOT VALID",
        "ALTER TABLE users ADD CONSTRAINT note FOREIGN KEY (note) REFERENCES notes (id) NOT VALID",
        "ALTER TABLE users VALIDATE CONSTRAINT users_age",
        "ALTER TABLE users ADD CONSTRAINT users_name UNIQUE USING INDEX users_name",
        "ALTER TABLE users SET (fillfactor = 70), ENABLE TRIGGER checked",
        "CREATE TABLE a (id bigint PRIMARY KEY, b bigint REFERENCES users); CREATE INDEX a_b ON a (b); UPDATE a SET b = 1",
        "CREATE TABLE \"a\" (); ALTER TABLE a RENAME TO b; DROP TABLE a; TRUNCATE a; LOCK TABLE a",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN DROP TABLE users; END $body$",
        "CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f()",
        "INSERT INTO users (id) VALUES (1); SELECT E'it\\'s; DROP TABLE users'; COMMENT ON TABLE users IS 'TRUNCATE'",
        "", ";;;", "-- nothing",
    ])
    func `what waits for nobody is taken`(sql: String) {
        #expect(rules(sql).isEmpty)
    }

    @Test(arguments: [
        "/* not closed; DROP TABLE users", "SELECT 'not closed; DROP TABLE users", "SELECT $a$ not closed",
        "SELECT \"not closed", "SELECT E'not closed\\'",
    ])
    func `what is not closed may hide anything, and is refused`(sql: String) {
        #expect(rules(sql) == [.unknown])
    }

    @Test func `a check that is dropped promises nothing`() {
        var lint = MigrationLint()
        let steps = [
            "ALTER TABLE users ADD CONSTRAINT c CHECK (age IS NOT NULL) NOT VALID",
            "ALTER TABLE users VALIDATE CONSTRAINT c",
            "ALTER TABLE users DROP CONSTRAINT IF EXISTS c",
            "ALTER TABLE users ALTER age SET NOT NULL",
        ]
        let found = steps.map { lint.findings(in: $0, named: "step").map(\.rule) }
        #expect(found == [[], [], [], [.setNotNull]])
    }

    @Test func `what a contract takes away, and what is no transaction, is taken where it is said`() {
        #expect(rules("DROP TABLE users; ALTER TABLE a DROP COLUMN b, ALTER c DROP NOT NULL", phase: .contract).isEmpty)
        #expect(rules("ALTER TABLE notes RENAME TO texts", phase: .contract) == [.rename])
        let concurrent = "CREATE INDEX CONCURRENTLY a ON users (b); DROP INDEX CONCURRENTLY c; VACUUM users"
        #expect(rules(concurrent, isOneTransaction: false).isEmpty)
        #expect(rules("VACUUM (FULL) users", isOneTransaction: false) == [.exclusiveLock])
        #expect(
            rules("CREATE INDEX CONCURRENTLY IF NOT EXISTS a ON users (b)", isOneTransaction: false)
                == [.uncheckedIndex]
        )
    }

    @Test func `a column is required after a check has been validated, in a later step than it was added`() {
        let add = "ALTER TABLE users ADD CONSTRAINT users_age CHECK (age IS NOT NULL) NOT VALID"
        let validate = "ALTER TABLE users VALIDATE CONSTRAINT users_age"
        let require = "ALTER TABLE users ALTER COLUMN age SET NOT NULL"
        #expect(rules("\(add); \(validate)") == [.validationWithConstraint])
        #expect(rules("\(add); \(require)") == [.setNotNull])
        var lint = MigrationLint()
        let found = [add, validate, require].map { lint.findings(in: $0, named: "step").map(\.rule) }
        #expect(found == [[], [], []])
        let other = "ALTER TABLE users ALTER COLUMN name SET NOT NULL"
        #expect(lint.findings(in: other, named: "step").map(\.rule) == [.setNotNull])
    }

    @Test func `several findings have their lines`() {
        var lint = MigrationLint()
        let script = "\nCREATE INDEX a\n    ON users (b);\n\n-- why\nALTER TABLE users RENAME TO people, DROP COLUMN c;"
        let findings = lint.findings(in: script, named: "a.sql")
        #expect(findings.map(\.line) == [2, 6, 6])
        #expect(findings.map(\.rule) == [.blockingIndex, .rename, .dropInUse])
        #expect(findings.first?.statement == "CREATE INDEX a\n    ON users (b)")
    }

    @Test func `a migration accepts with a reason, and nothing for nothing`() {
        func migration(_ accepts: [LintRule: String]) -> Migration {
            Migration(id: 1, name: "a", up: ["CREATE INDEX a ON users (b)"], down: [], accepts: accepts)
        }
        let refused = MigrationLint.findings(in: [migration([:])])
        #expect(refused.map(\.acceptance) == [nil])
        let accepted = MigrationLint.findings(in: [migration([.blockingIndex: "it is small"])])
        #expect(accepted.map(\.acceptance) == ["it is small"])
        let idle = MigrationLint.findings(in: [migration([.blockingIndex: "it is small", .rename: "habit"])])
        #expect(idle.map(\.rule) == [.blockingIndex, .unusedAcceptance])
        // Saying so later does not edit it.
        #expect(migration([:]).checksum == migration([.blockingIndex: "it is small"]).checksum)
    }

    @Test func `kinds of migrations are taken for what they are`() {
        let index = Migration(id: 1, name: "a", index: ConcurrentIndex("a", on: "users", "b"))
        let backfill = Migration(id: 2, name: "b", backfill: Backfill("users", set: "b = 1", where: "b IS NULL"))
        #expect(MigrationLint.findings(in: [index, backfill]).isEmpty)
        let locks = MigrationLint.locks(in: [index, backfill])
        #expect(locks[1] == [TableLock(table: "users", mode: .shareUpdateExclusive)])
        #expect(locks[2] == [TableLock(table: "users", mode: .rowExclusive)])
    }

    @Test func `the greatest lock of each table is told, and none of what the step makes`() {
        let migration = Migration(
            id: 1,
            name: "a",
            up: [
                "CREATE TABLE notes (id bigint PRIMARY KEY, author bigint REFERENCES users (id))",
                "CREATE INDEX notes_author ON notes (author)",
                "ALTER TABLE tags VALIDATE CONSTRAINT a, ADD COLUMN b bigint",
                "INSERT INTO users (id) VALUES (1)",
            ],
            down: []
        )
        let later = Migration(id: 2, name: "b", up: ["DROP INDEX notes_author"], down: [])
        let locks = MigrationLint.locks(in: [migration, later])
        #expect(
            locks[1] == [
                TableLock(table: "tags", mode: .accessExclusive), TableLock(table: "users", mode: .shareRowExclusive),
            ]
        )
        #expect(locks[2] == [TableLock(table: "notes", mode: .accessExclusive)])
    }

    @Test(arguments: 0..<300)
    func `no script ends the linter`(seed: UInt64) {
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "ALTER", "TABLE", "users", "ADD", "DROP", "COLUMN", "(", ")", ",", ";", "'", "\"", "$", "$$", "$a$", "--",
            "/*",
            "*/", "\n", "E'", "\\", ".", "NOT", "NULL", "DEFAULT", "CHECK", "CREATE", "INDEX", "ON", "\u{E9}", "1",
            "CONSTRAINT",
            "VALIDATE", "\u{0}",
        ]
        let count = Int.random(in: 0..<40, using: &generator)
        let script = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined(separator: " ")
        #expect(rules(script).count <= 200, "\(script)")
    }
}
