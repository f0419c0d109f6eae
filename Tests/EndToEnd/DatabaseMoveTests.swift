import JSON
import Linux
import PostgreSQL
import Testing

import class PostgreSQLTestSupport.ScratchServer

extension EndToEndTests {
    /// The way from the embedded database to a server, as docs/scaling.md has it.
    @Suite struct DatabaseMoveTests {
        private let database: ConnectionOptions

        init() throws {
            database = try ScratchServer.shared().makeDatabase()
        }

        private var threeLines: String {
            "database:\n  host: \(database.host)\n  name: \(database.database)\n  user: \(database.user)\n"
        }

        private func end(_ instance: Instance) throws {
            try instance.command(["stop"])
            #expect(try instance.runningSupervisor().waitForEnd() == .exited(0))
        }

        @Test func `after the move sessions, keys and accounts are as before, and the file is the way back`() throws {
            try Instance.run(DatabaseHome.file.options()) { instance in
                let admin = try instance.signIn()
                let id = try instance.createUser("a@example.com", password: "a sentence of a's own", as: admin)
                let made = HTTPRequest("POST", "/api/api-keys", token: admin, json: #"{"name":"K","access":"write"}"#)
                let key = try #require(try instance.send(made).json()["data"]?["key"]?.string)
                let file = "\(instance.directory)/gatehouse.db"

                let busy = try instance.attempt(["data", "copy", "--from", file])
                #expect(busy.end != .exited(0) && busy.errors.contains("is the database of the configuration itself"))
                try end(instance)
                try Files.replace(
                    "\(instance.directory)/gatehouse.yaml",
                    with: Array(threeLines.utf8),
                    permissions: 0o644
                )
                // Without its tables there is nothing to copy into.
                let early = try instance.attempt(["data", "copy", "--from", file])
                #expect(!early.succeeded && early.errors.contains("migrate"), "\(early.errors)")
                try instance.command(["migrate", "up"])
                #expect(try instance.command(["data", "copy", "--from", file]).contains("copied"))
                // Again, as after an interruption: nothing is copied twice.
                #expect(try instance.command(["data", "copy", "--from", file]).contains("copied 0 rows"))

                try instance.serve()
                for token in [admin, key] {
                    let read = HTTPRequest("GET", "/api/users/\(id)", token: token)
                    try eventually("it is served from there") { try instance.send(read).status == 200 }
                }
                _ = try instance.signIn("a@example.com", "a sentence of a's own")
                _ = try instance.createUser("b@example.com", as: key)
                #expect(try instance.total(as: admin) == 3)
                #expect(try ScratchServer.run("SELECT count(*) FROM users", database).int64(0, 0) == 3)
                #expect(try instance.sqlite("SELECT count(*) FROM users").line == "2")
                #expect(try instance.command(["audit", "verify"]).contains("are as they were written"))

                // What was made there keeps the file from being copied over it.
                try end(instance)
                let late = try instance.attempt(["data", "copy", "--from", file])
                #expect(!late.succeeded, "\(late.text)\(late.errors)")
                #expect(try ScratchServer.run("SELECT count(*) FROM users", database).int64(0, 0) == 3)
                try Files.remove("\(instance.directory)/gatehouse.yaml")
                try instance.serve()
                try eventually("the file is served again") {
                    try instance.send(HTTPRequest("GET", "/api/users/\(id)", token: admin)).status == 200
                }
                #expect(try instance.total(as: admin) == 2)
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `the plans are explained, all of them or one, and a lost index is found out`(home: DatabaseHome) throws {
            try Instance.prepared(home.options()) { instance in
                #expect(try instance.command(["explain"]).contains("statements are run as declared by"))
                let plan = try instance.command(["explain", "users.credentials_by_email"])
                #expect(plan.contains("users_email_folded"), "\(plan)")
                let unknown = try instance.attempt(["explain", "users.nothing"])
                #expect(unknown.end == .exited(5), "\(unknown.end)")
                let drop = "DROP INDEX users_created_at"
                if let database = instance.options.database {
                    try ScratchServer.run(drop, database)
                } else {
                    try instance.sqlite(drop)
                }
                let violations = try instance.attempt(["explain"])
                #expect(violations.end == .exited(1), "\(violations.text)")
                #expect((violations.text + violations.errors).contains("users_created_at"))
            }
        }
    }
}
