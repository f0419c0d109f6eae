import JSON
import Linux
import Testing

extension EndToEndTests {
    /// The schema of an instance that serves.
    @Suite struct MigrationTests {
        @Test(arguments: DatabaseHome.allCases)
        func `a pool serves on what it needs, and what is behind that is applied beside it`(
            home: DatabaseHome
        ) throws {
            try Instance.prepared(home.options()) { instance in
                let all = try json(instance.command(["migrate", "status", "--json"])).elements
                let waiting = all.reversed().prefix { $0["phase"]?.string != "expand" }.count
                #expect(waiting == 3)
                try instance.command(["migrate", "down", "--steps", "\(waiting)", "--yes"])
                try instance.serve()
                try instance.startNginx()
                let token = try instance.signIn()
                let plan = try json(instance.command(["migrate", "plan", "--json"])).elements
                #expect(plan.count == waiting)
                #expect(plan.allSatisfy { $0["can_wait"] == .bool(true) })
                let up = try instance.command(["migrate", "up"])
                #expect(up.contains("nothing to apply") && up.contains("gatehouse migrate up --all"))
                #expect(try instance.command(["migrate", "up", "--all"]).contains("applied 14"))
                #expect(try instance.command(["migrate", "plan"]) == "nothing to apply\n")
                if instance.options.database != nil {
                    // Who only looks tells no other host to load everything anew.
                    let told = "SELECT count(*) FROM committed_changes"
                    let before = try instance.number(told)
                    try instance.command(["migrate", "plan"])
                    try instance.command(["migrate", "status"])
                    #expect(try instance.number(told) == before)
                }
                #expect(try instance.send(HTTPRequest("GET", "/api/v1/me", token: token)).status == 200)
                #expect(try instance.send(HTTPRequest("GET", "/health")).status == 200)
                #expect(try instance.attempt(["migrate", "plan", "--to", "99"]).end == .exited(1))
            }
        }

        @Test func `statements are refused with the reason and what to do instead, and the code is 1`() throws {
            func lint(_ arguments: [String], _ script: String = "") throws -> Command {
                try Command.run(
                    try Program.path(),
                    ["migrate", "lint"] + arguments,
                    input: Array(script.utf8)
                )
            }
            #expect(try lint([]).end == .exited(0))
            let refused = try lint(["-"], "SELECT 1;\nALTER TABLE users RENAME TO people")
            #expect(refused.end == .exited(1))
            for text in ["standard input:2: rename", "instead: add the new one"] {
                #expect(refused.text.contains(text), "\(text): \(refused.text)")
            }
            let told = try json(lint(["--json", "-"], "DROP TABLE users").text).elements
            #expect(told.map { $0["rule"]?.string } == ["drop-in-use"])
            #expect(try lint(["--contract", "-"], "DROP TABLE users").end == .exited(0))
            #expect(try lint(["--no-transaction", "-"], "VACUUM users").end == .exited(0))
            #expect(try lint(["/nonexistent.sql"]).end == .exited(1))
            let empty = try lint(["-"], " \n")
            #expect(empty.end == .exited(1) && empty.errors.contains("no statement in standard input"))
        }
    }
}
