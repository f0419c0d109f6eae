import JSON
import Linux
import Testing

extension EndToEndTests {
    /// What keeps a command from its work is told in one sentence, with its exit code.
    @Suite struct CommandFailureTests {
        private static let commands = [
            ["users", "list"], ["users", "show", "x@example.com"], ["sessions", "list", "x@example.com"],
            ["keys", "list", "x@example.com"], ["demo"],
        ]

        @Test(.ofTheFile, arguments: commands)
        func `a user that is not there, or a database that is not there`(arguments: [String]) throws {
            try Instance.prepared { instance in
                if arguments.contains("x@example.com") {
                    try expect(instance, arguments, 5, "there is no user x@example.com")
                }
                for suffix in ["", "-wal", "-shm"] { try Files.remove("\(instance.directory)/gatehouse.db\(suffix)") }
                try expect(instance, arguments, 1, "run gatehouse migrate up --data \(instance.directory)")
                #expect(!Files.exists("\(instance.directory)/gatehouse.db"))
            }
        }

        @Test func `a schema that is too old is told with the command that mends it`() throws {
            try Instance.prepared { instance in
                try instance.command(["migrate", "down", "--steps", "9", "--yes"])
                for arguments in Self.commands {
                    try expect(instance, arguments, 1, "run gatehouse migrate up --data \(instance.directory)")
                }
            }
        }

        @Test(
            arguments: commands + [
                ["migrate", "up"], ["migrate", "status"], ["config", "check"], ["doctor"], ["serve"],
                ["cache", "stats"], ["cache", "flush"], ["limits", "list"], ["limits", "clear", "--all"],
            ]
        )
        func `a directory that is not there is named`(arguments: [String]) throws {
            let path = "/tmp/gh-none/at/all"
            let command = try Command.run(try Program.path(), arguments + ["--data", path])
            #expect(command.end == .exited(1))
            #expect(command.errors == "gatehouse: there is no directory \(path)\n")
        }

        @Test func `a directory that may not be read is named`() throws {
            try Instance.prepared { instance in
                try Files.setPermissions(instance.directory, 0o600)
                defer { try? Files.setPermissions(instance.directory, 0o700) }
                let isRoot = try Command.succeed("id", ["-u"]) == "0\n"
                for arguments in Self.commands + [["doctor"]] {
                    let command = try Command.run(
                        "setpriv",
                        (isRoot ? ["--bounding-set=-all", "--inh-caps=-all"] : [])
                            + [instance.program] + arguments + ["--data", instance.directory]
                    )
                    #expect(command.end == .exited(1))
                    #expect(
                        command.errors
                            == "gatehouse: the directory \(instance.directory) cannot be read: Permission denied\n"
                    )
                }
            }
        }

        @Test(arguments: [["cache", "stats"], ["cache", "flush"], ["limits", "list"], ["limits", "clear", "--all"]])
        func `the memory of a pool that runs as another user is not mistaken for one's own`(arguments: [String]) throws
        {
            // Only root can give a file away.
            guard ThisProcess.isSuperuser else { return }
            try Instance.prepared { instance in
                let lock = "\(instance.directory)/run/gatehouse.lock"
                if !Files.exists("\(instance.directory)/run") {
                    try Files.makeDirectory("\(instance.directory)/run", permissions: 0o755)
                }
                try Files.replace(lock, with: [], permissions: 0o600)
                _ = try Command.succeed("chown", ["65534", lock])
                try expect(instance, arguments, 1, "runs as user 65534, whose memory this is: run it as that user")
            }
        }

        @Test(.ofTheFile) func `an empty database has nobody`() throws {
            try Instance.prepared { instance in
                try instance.sqlite("DELETE FROM users")
                #expect(try instance.command(["users", "list"]) == "")
                #expect(try instance.command(["users", "list", "--json"]) == "[]\n")
            }
        }

        @Test(.ofTheFile) func `a database that somebody keeps locked is busy, not broken`() throws {
            try Instance.prepared { instance in
                let locked = "\(instance.directory)/locked"
                let wait = ".shell touch \(locked); while [ -e \(locked) ]; do sleep 0.1; done"
                let holder = try RunningProcess(
                    try Program.tool("sqlite3"),
                    ["-cmd", "BEGIN IMMEDIATE;", "-cmd", wait, "\(instance.directory)/gatehouse.db", "SELECT 1"],
                    log: "\(instance.directory)/log/sqlite.log"
                )
                defer {
                    try? Files.remove(locked)
                    holder.stop(.terminate)
                }
                try eventually("the lock") { Files.exists(locked) }
                let command = try instance.attempt(
                    ["users", "create", "--email", "x@example.com", "--name", "X"],
                    settings: ["GATEHOUSE_DATABASE_BUSY_TIMEOUT=50ms"]
                )
                #expect(command.end == .exited(75), "\(command.errors)")
            }
        }

        @Test func `migrations are told to programs, and taken back after a yes`() throws {
            try Instance.prepared { instance in
                let status = try json(instance.command(["migrate", "status", "--json"])).elements
                #expect(!status.isEmpty)
                #expect(status.allSatisfy { $0["standing"]?.string == "applied" })
                let refused = try instance.attempt(["migrate", "down"])
                #expect(refused.end == .exited(64))
                #expect(refused.errors.contains("--yes"))
                #expect(try instance.command(["migrate", "status", "--json"]).contains("pending") == false)
                try instance.command(["migrate", "down", "--yes"])
                let after = try json(instance.command(["migrate", "status", "--json"])).elements
                #expect(after.last?["standing"]?.string == "pending")
                #expect(after.last?["applied_at"] == .null)
                #expect(try instance.attempt(["migrate", "down", "--steps", "0"]).end == .exited(64))
            }
        }

        @Test func `settings and mistakes are told to programs`() throws {
            try Instance.prepared { instance in
                #expect(try instance.command(["config", "check", "--json"]) == "[]\n")
                let settings = try json(instance.command(["config", "show", "--json"])).elements
                #expect(settings.contains { $0["name"]?.string == "pool.listen" })
                let file = "\(instance.directory)/gatehouse.yaml"
                try Files.replace(file, with: Array("pool:\n  threads: many\n".utf8), permissions: 0o644)
                let check = try instance.attempt(["config", "check", "--json"])
                #expect(check.end == .exited(78))
                let mistakes = try json(check.text).elements
                #expect(mistakes.map { $0["key"]?.string } == ["pool.threads"])
                #expect(mistakes.first?["origin"]?.string == "\(file):2")
            }
        }

        private func expect(
            _ instance: Instance,
            _ arguments: [String],
            _ code: Int32,
            _ text: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let command = try instance.attempt(arguments)
            #expect(command.end == .exited(code), sourceLocation: sourceLocation)
            #expect(command.errors.hasPrefix("gatehouse: "), sourceLocation: sourceLocation)
            #expect(command.errors.contains(text), "\(command.errors)", sourceLocation: sourceLocation)
            #expect(command.errors.split(separator: "\n").count == 1, sourceLocation: sourceLocation)
        }
    }
}
