import JSON
import Linux
import Testing

extension EndToEndTests {
    /// The commands about users: for people, for programs, beside a pool and without one.
    @Suite struct UserCommandTests {
        private let password = "a long sentence of mine"

        @Test(arguments: DatabaseHome.allCases)
        func `a user is made, shown, listed and deleted, by id or by address`(home: DatabaseHome) throws {
            try Instance.prepared(home.options()) { instance in
                let id = try instance.command(["users", "create", "--email", "Ada@example.com", "--name", "Ada"]).line
                for name in [id, id.uppercased(), "Ada@example.com", "ada@EXAMPLE.com"] {
                    let shown = try instance.command(["users", "show", name])
                    #expect(shown.contains("email:   Ada@example.com\n"), "\(shown)")
                }
                #expect(try instance.command(["users", "list"]).contains(id))
                #expect(try instance.command(["users", "delete", id, "--yes"]) == "Ada@example.com is deleted\n")
                let gone = try instance.attempt(["users", "show", id])
                #expect(gone.end == .exited(5))
                #expect(gone.errors == "gatehouse: there is no user \(id)\n")
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `programs get the representation of the API`(home: DatabaseHome) throws {
            try Instance.run(home.options()) { instance in
                let token = try instance.signIn()
                let id = try instance.createUser("ada@example.com", as: token)
                let answer = try instance.send(HTTPRequest("GET", "/api/users/\(id)", token: token))
                let shown = try instance.command(["users", "show", id, "--json"])
                #expect(#"{"data":\#(shown.line)}"# == answer.text)
                for arguments in [["promote"], ["demote"], ["disable", "--yes"], ["enable"]] {
                    let document = try json(instance.command(["users"] + arguments + [id, "--json"]))
                    #expect(document["id"]?.string == id)
                }
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `role and status are changed, and the last administrator stays`(home: DatabaseHome) throws {
            try Instance.prepared(home.options()) { instance in
                let admin = Instance.administratorEmail
                try instance.command(["users", "create", "--email", "ada@example.com", "--name", "Ada"])
                func expectRefusals() throws {
                    for arguments in [["demote", admin], ["disable", admin, "--yes"], ["delete", admin, "--yes"]] {
                        let refused = try instance.attempt(["users"] + arguments)
                        #expect(refused.end == .exited(1))
                        #expect(refused.errors.contains("last active administrator"), "\(refused.errors)")
                    }
                }
                try expectRefusals()
                #expect(try instance.command(["users", "promote", "ada@example.com"]).contains("is an administrator"))
                // To that account nobody can sign in yet.
                try expectRefusals()
                try instance.command(["users", "set-password", "ada@example.com"], input: "a long sentence of hers")
                try instance.command(["users", "demote", admin])
                #expect(try instance.command(["users", "show", admin]).contains("role:    member"))
                try instance.command(["users", "disable", admin, "--yes"])
                #expect(try instance.command(["users", "show", admin]).contains("status:  disabled"))
                try instance.command(["users", "enable", admin])
                #expect(try instance.command(["users", "show", admin]).contains("status:  active"))
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `a password that is set counts at once, and ends the sessions that a pool serves`(
            home: DatabaseHome
        ) throws {
            try Instance.run(home.options()) { instance in
                let token = try instance.signIn()
                let id = try instance.createUser("ada@example.com", password: "first fine sentence", as: token)
                let session = try instance.signIn("ada@example.com", "first fine sentence")
                try instance.command(["users", "set-password", id, "--password-stdin"], input: password)
                #expect(try instance.send(HTTPRequest("GET", "/api/me", token: session)).status == 401)
                _ = try instance.signIn("ada@example.com", password)
            }
        }

        @Test(
            .ofTheFile,
            arguments: [("short", "15 characters"), ("", "standard input is empty"), ("password12345678", "common")]
        )
        func `a password that breaks a rule changes nothing`(typed: String, reason: String) throws {
            try Instance.prepared { instance in
                let command = try Command.run(
                    instance.program,
                    ["users", "set-password", Instance.administratorEmail, "--data", instance.directory],
                    input: Array(typed.utf8)
                )
                #expect(command.end == .exited(1))
                #expect(command.errors.contains(reason), "\(command.errors)")
            }
        }

        @Test(.ofTheFile) func `at a terminal a password is asked for twice and not shown`() throws {
            try Instance.prepared { instance in
                let terminal = try setPassword(instance)
                try terminal.answer("New password: ", "typo\u{15}\(password)x\u{7F}\r")
                try terminal.answer("The same again: ", "\(password)\r")
                #expect(try terminal.waitForEnd() == .exited(0))
                #expect(!terminal.screen.contains("sentence"), "\(terminal.screen)")
                try instance.serve()
                try instance.startNginx()
                _ = try instance.signIn(Instance.administratorEmail, password)
            }
        }

        @Test(
            .ofTheFile,
            arguments: [
                ("another fine sentence\r", "not the same"), ("\u{3}", "interrupted"), ("\u{4}", "nothing was typed"),
            ]
        )
        func `at a terminal nothing is changed by a slip`(typed: String, reason: String) throws {
            try Instance.prepared { instance in
                let before = try instance.sqlite("SELECT password_hash FROM users")
                let terminal = try setPassword(instance)
                try terminal.answer("New password: ", "\(password)\r")
                try terminal.answer("The same again: ", typed)
                #expect(try terminal.waitForEnd() == .exited(1))
                #expect(terminal.screen.contains(reason), "\(terminal.screen)")
                #expect(try instance.sqlite("SELECT password_hash FROM users") == before)
            }
        }

        @Test(.ofTheFile) func `what cannot be undone needs a yes`() throws {
            try Instance.prepared { instance in
                try instance.command(["users", "create", "--email", "ada@example.com", "--name", "Ada"])
                let refused = try instance.attempt(["users", "delete", "ada@example.com"])
                #expect(refused.end == .exited(64))
                #expect(refused.errors.contains("--yes"), "\(refused.errors)")
                let arguments = ["users", "delete", "ada@example.com", "--data", instance.directory]
                for (typed, end) in [("n\r", ProcessEnd.exited(1)), ("\r", .exited(1)), ("y\r", .exited(0))] {
                    let terminal = try PseudoTerminal(instance.program, arguments)
                    try terminal.answer("Delete Ada <ada@example.com> with all sessions and API keys? [y/N] ", typed)
                    #expect(try terminal.waitForEnd() == end)
                }
                #expect(try instance.attempt(["users", "show", "ada@example.com"]).end == .exited(5))
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `a long list comes whole, in order, filtered and limited`(home: DatabaseHome) throws {
            try Instance.prepared(home.options()) { instance in
                #expect(try instance.command(["demo", "--users", "250"]) == "made 250 accounts\n")
                #expect(try instance.command(["demo", "--users", "251"]) == "made 1 accounts\n")
                let all = try json(instance.command(["users", "list", "--json", "--sort", "email"])).elements
                #expect(all.count == 252)
                let emails = all.compactMap { $0["email"]?.string }
                #expect(emails == emails.sorted())
                let backwards = try json(instance.command(["users", "list", "--json", "--sort", "-email"])).elements
                #expect(backwards == all.reversed())
                #expect(try count(instance, ["--limit", "150"]) == 150)
                #expect(try count(instance, ["--role", "admin"]) == 1)
                #expect(try count(instance, ["--status", "disabled"]) == 0)
                #expect(try count(instance, ["--email-prefix", "ADA."]) == emails.count { $0.hasPrefix("ada.") })
                #expect(try count(instance, ["--name-prefix", "ada "]) > 0)
                #expect(try count(instance, ["--created-before", "2020-01-01"]) == 0)
                #expect(try count(instance, ["--created-after", "2020-01-01T00:00:00Z"]) == 252)
                // A head, and a line for each.
                #expect(try instance.command(["users", "list"]).split(separator: "\n").count == 253)
                for arguments in [
                    ["--sort", "age"], ["--limit", "0"], ["--role", "king"], ["--created-after", "now"],
                ] {
                    #expect(try instance.attempt(["users", "list"] + arguments).end == .exited(64), "\(arguments)")
                }
                let unserved = try instance.attempt(["users", "list", "--role", "admin", "--sort", "name"])
                #expect(unserved.end == .exited(64))
            }
        }

        @Test func `a name cannot drive the terminal`() throws {
            try Instance.prepared { instance in
                let name = "\u{1B}]0;owned\u{7}\u{9B}31m\n\u{202E}"
                try instance.command(["users", "create", "--email", "x@example.com", "--name", name])
                for arguments in [["list"], ["show", "x@example.com"], ["delete", "x@example.com"]] {
                    let command = try instance.attempt(["users"] + arguments)
                    let text = command.text + command.errors
                    #expect(text.contains("\\u{1B}]0;owned\\u{7}\\u{9B}31m\\u{A}\\u{202E}"), "\(text)")
                    #expect(!text.contains("\u{1B}"))
                }
                for arguments in [["show", "x@example.com", "--json"], ["list", "--json"]] {
                    let text = try instance.command(["users"] + arguments)
                    #expect(!text.unicodeScalars.contains { $0 == "\u{9B}" || $0 == "\u{202E}" })
                }
                let document = try json(instance.command(["users", "show", "x@example.com", "--json"]))
                #expect(document["name"]?.string == name)
            }
        }

        @Test(.ofTheFile) func `a list that cannot be written whole fails`() throws {
            try Instance.prepared { instance in
                let arguments = ["users", "list", "--data", instance.directory]
                let command = try Command.run(
                    "sh",
                    ["-c", "exec \"$0\" \"$@\" > /dev/full", instance.program] + arguments
                )
                #expect(command.end == .exited(1))
                #expect(command.errors.contains("No space left"), "\(command.errors)")
            }
        }

        // MARK: - Parts

        private func setPassword(_ instance: Instance) throws -> PseudoTerminal {
            try PseudoTerminal(
                instance.program,
                ["users", "set-password", Instance.administratorEmail, "--data", instance.directory]
            )
        }

        private func count(_ instance: Instance, _ arguments: [String]) throws -> Int {
            try json(instance.command(["users", "list", "--json"] + arguments)).elements.count
        }
    }
}

/// The one JSON document that a command has printed.
func json(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

extension String {
    /// Without the line feed at the end.
    var line: String { hasSuffix("\n") ? String(dropLast()) : self }
}
