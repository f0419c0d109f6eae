import Linux
import Testing

extension EndToEndTests {
    /// What keeps the program from working is told in one sentence that names it.
    @Suite(.ofTheFile) struct StartFailureTests {
        @Test func `a second serve on one directory says so`() throws {
            try Instance.run { instance in
                let second = try instance.attempt(["serve"])
                expect(second, says: ["another gatehouse serves \(instance.directory)"])
                #expect(try instance.attempt(["status"]).succeeded)
                #expect(try instance.send(HTTPRequest("GET", "/openapi.json")).status == 200)
            }
        }

        @Test func `a socket where somebody else listens is named and left alone`() throws {
            try Instance.prepared { instance in
                let path = "\(instance.directory)/taken.sock"
                let other = try Sockets.listen(path: path, permissions: 0o600, backlog: 4)
                let serve = try instance.attempt(["serve"], settings: ["GATEHOUSE_POOL_LISTEN=unix:\(path)"])
                expect(serve, says: [path, "in use"])
                _ = try Sockets.connect(path: path)
                withExtendedLifetime(other.number) {}
            }
        }

        @Test func `a port that is taken is named`() throws {
            try Instance.prepared { instance in
                try Instance.prepared { other in
                    // The first serves at a port of its own choice; the second is told the same one.
                    let first = try RunningProcess(
                        other.program,
                        ["serve", "--data", other.directory, "--workers", "1"],
                        environment: ["GATEHOUSE_POOL_LISTEN=127.0.0.1:0"],
                        log: other.eventLog
                    )
                    defer { first.stop(.interrupt) }
                    try eventually("the first serves") { try other.attempt(["status"]).succeeded }
                    let port = try #require(try listeningPort(of: first.pid))
                    let serve = try instance.attempt(["serve"], settings: ["GATEHOUSE_POOL_LISTEN=127.0.0.1:\(port)"])
                    expect(serve, says: ["127.0.0.1", "\(port)", "in use"])
                }
            }
        }

        @Test func `a database without its schema is told with the command that mends it`() throws {
            try Instance.prepared { instance in
                for suffix in ["", "-wal", "-shm"] { try Files.remove("\(instance.directory)/gatehouse.db\(suffix)") }
                expect(try instance.attempt(["serve"]), says: ["gatehouse migrate up --data \(instance.directory)"])
                try instance.command(["migrate", "up"])
                try instance.serve()
            }
        }

        @Test func `all mistakes of a configuration are told with their lines`() throws {
            try Instance.prepared { instance in
                let file = "\(instance.directory)/gatehouse.yaml"
                let text = "pool:\n  threads: many\n  wrokers: 2\nhttp:\n  body_limit: 64KiB\n"
                try Files.replace(file, with: Array(text.utf8), permissions: 0o644)
                for arguments in [["config", "check"], ["migrate", "status"]] {
                    let command = try instance.attempt(arguments)
                    #expect(command.end == .exited(78))
                    expectMistakes(command, file)
                }
                let serve = try instance.attempt(["serve"])
                #expect(serve.end == .exited(78))
                expectMistakes(serve, file)
            }
        }

        @Test func `a database that cannot be read is named`() throws {
            try Instance.prepared { instance in
                let database = "\(instance.directory)/gatehouse.db"
                try Files.setPermissions(database, 0)
                expect(try unprivileged(instance, ["serve"]), says: [database])
                expect(try unprivileged(instance, ["migrate", "status"]), says: [database])
            }
        }

        @Test func `a database file that is none is named`() throws {
            try Instance.prepared { instance in
                let database = "\(instance.directory)/gatehouse.db"
                let text = Array(String(repeating: "This is no database. ", count: 500).utf8)
                for suffix in ["-wal", "-shm"] { try Files.remove("\(database)\(suffix)") }
                try Files.replace(database, with: text, permissions: 0o600)
                expect(try instance.attempt(["serve"]), says: [database])
                #expect(try Files.read(database) == text)
            }
        }

        @Test func `a data directory that cannot be written is named`() throws {
            try Instance.prepared { instance in
                let closed = "\(instance.directory)/closed"
                try Files.makeDirectory(closed, permissions: 0o555)
                for arguments in [["serve"], ["migrate", "up"]] {
                    expect(try unprivileged(instance, arguments, data: closed), says: [closed])
                }
            }
        }

        @Test func `commands to a pool that does not run exit with 4`() throws {
            try Instance.prepared { instance in
                for command in ["status", "reload", "stop"] {
                    let told = try instance.attempt([command])
                    #expect(told.end == .exited(4))
                    expect(told, says: ["no gatehouse serves \(instance.directory)"])
                }
            }
        }

        @Test func `an address that is taken exits with 3`() throws {
            try Instance.prepared { instance in
                let arguments = ["users", "create", "--email", "ADMIN@example.com", "--name", "Again"]
                let again = try instance.attempt(arguments)
                #expect(again.end == .exited(3))
                expect(again, says: ["email"])
            }
        }

        // MARK: - Parts

        /// One line that begins with the program's name, holds all the texts, and a code that is not 0.
        private func expect(
            _ command: Command,
            says texts: [String],
            sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(command.end != .exited(0), sourceLocation: sourceLocation)
            guard case .exited = command.end else {
                Issue.record("it \(command.end)", sourceLocation: sourceLocation)
                return
            }
            // The processes' own events are JSON lines beside it.
            let lines = command.errors.split(separator: "\n").filter { !$0.hasPrefix("{") }
            #expect(lines.count == 1, "\(command.errors)", sourceLocation: sourceLocation)
            #expect(lines.first?.hasPrefix("gatehouse: ") == true, sourceLocation: sourceLocation)
            for text in texts {
                #expect(lines.first?.contains(text) == true, "\(command.errors)", sourceLocation: sourceLocation)
            }
        }

        private func expectMistakes(
            _ command: Command,
            _ file: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) {
            for text in ["\(file):2", "pool.threads", "\(file):3", "wrokers"] {
                #expect(command.errors.contains(text), "\(command.errors)", sourceLocation: sourceLocation)
            }
        }

        /// Runs a command for which permissions count, also where the tests run as root.
        private func unprivileged(_ instance: Instance, _ arguments: [String], data: String? = nil) throws -> Command {
            let arguments = [instance.program] + arguments + ["--data", data ?? instance.directory]
            let isRoot = try Command.succeed("id", ["-u"]) == "0\n"
            let withoutPowers = isRoot ? ["--bounding-set=-all", "--inh-caps=-all"] : []
            return try Command.run("setpriv", withoutPowers + arguments)
        }

        /// The port at which one of the process's sockets listens.
        private func listeningPort(of pid: Int32) throws -> Int? {
            let inodes = try Command.succeed("find", ["/proc/\(pid)/fd", "-lname", "socket:*", "-printf", "%l\n"])
                .split(separator: "\n").map { $0.dropFirst("socket:[".count).dropLast() }
            let table = String(decoding: try Files.read("/proc/net/tcp"), as: UTF8.self)
            for line in table.split(separator: "\n").dropFirst() {
                // sl local_address rem_address st ... inode; 0A is LISTEN.
                let words = line.split(separator: " ")
                guard words.count > 9, words[3] == "0A", inodes.contains(words[9]) else { continue }
                return words[1].split(separator: ":").last.flatMap { Int($0, radix: 16) }
            }
            return nil
        }
    }
}
