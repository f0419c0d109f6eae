import Linux
import Testing

extension EndToEndTests {
    /// What the processes of an instance share, and the process that looks after it.
    @Suite struct SharedStateTests {
        private struct Maintenance {
            let generation: String
            let pid: Int32
        }

        /// The maintenance process as `gatehouse status` shows it, once it does its work.
        private func maintenance(of instance: Instance, otherThan old: Int32 = 0) throws -> Maintenance {
            var found: Maintenance?
            try eventually("a maintenance process is ready") {
                // maintenance  generation 1  pid 4242  ready
                let line = try instance.attempt(["status"]).text.split(separator: "\n")
                    .first { $0.hasPrefix("maintenance ") }
                guard let words = line?.split(separator: " "), words.count == 6, words[5] == "ready",
                    let pid = Int32(words[4]), pid != old
                else { return false }
                found = Maintenance(generation: String(words[2]), pid: pid)
                return true
            }
            guard let found else { throw Failure("no maintenance process") }
            return found
        }

        @Test(.ofTheFile)
        func `a writer that was stopped while it holds the lock makes changes 503 in time, and none wait for the dead`()
            throws
        {
            var options = Instance.Options()
            options.settings = ["GATEHOUSE_DATABASE_BUSY_TIMEOUT=500ms"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let create = HTTPRequest(
                    "POST",
                    "/api/users",
                    token: admin,
                    json: #"{"email":"a@example.com","name":"A"}"#
                )
                // The command has the segment's lock while it waits for SQLite's.
                let lock = try DatabaseLock(instance)
                let holder = try RunningProcess(
                    instance.program,
                    ["users", "create", "--email", "b@example.com", "--name", "B", "--data", instance.directory],
                    environment: ["GATEHOUSE_DATABASE_BUSY_TIMEOUT=30s"],
                    log: "\(instance.directory)/log/holder.log"
                )
                try eventually("the command holds the lock") {
                    try SharedMemoryFile.writeLockHolder(of: instance.directory) == holder.pid
                }
                try Command.succeed("sh", ["-c", "kill -STOP \(holder.pid)"])
                try lock.release()
                let duration = try timed {
                    let response = try instance.curl.send(create)
                    expectError(response, 503, "UNAVAILABLE")
                    #expect(response["retry-after"]?.isEmpty == false)
                }
                #expect((450..<3000).contains(duration))
                #expect(try instance.total(as: admin) == 1)
                expectFields(try instance.curl.send(HTTPRequest("GET", "/openapi.json")), status: 200)
                holder.send(.kill)
                #expect(try holder.waitForEnd() == .killed(signal: 9))
                expectFields(try instance.curl.send(create), status: 201)
                #expect(try SharedMemoryFile.writeLockHolder(of: instance.directory) == 0)
            }
        }

        @Test(.ofTheFile)
        func `a maintenance process that was stopped while it holds the lock is replaced, and changes go on`() throws {
            var options = Instance.Options()
            options.settings = [
                "GATEHOUSE_DATABASE_BUSY_TIMEOUT=2s", "GATEHOUSE_MAINTENANCE_EXPIRY_INTERVAL=1s",
            ]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let stopped = try maintenance(of: instance)
                func holdsLock() throws -> Bool {
                    try SharedMemoryFile.writeLockHolder(of: instance.directory) == stopped.pid
                }
                // It has the segment's lock while it waits for SQLite's.
                let lock = try DatabaseLock(instance)
                try eventually("it is stopped with the lock in hand") {
                    guard try holdsLock() else { return false }
                    try Command.succeed("sh", ["-c", "kill -STOP \(stopped.pid)"])
                    if try holdsLock() { return true }
                    try Command.succeed("sh", ["-c", "kill -CONT \(stopped.pid)"])
                    return false
                }
                try lock.release()
                let create = HTTPRequest(
                    "POST",
                    "/api/users",
                    token: admin,
                    json: #"{"email":"a@example.com","name":"A"}"#
                )
                expectError(try instance.curl.send(create), 503, "UNAVAILABLE")
                try eventually("changes go on", within: 60) { try instance.curl.send(create).status == 201 }
                _ = try maintenance(of: instance, otherThan: stopped.pid)
                #expect(!ProcessTable.isRunning(stopped.pid))
            }
        }

        @Test(.ofTheFile)
        func `the maintenance process is replaced when it dies and when the pool is reloaded, and ends last`()
            throws
        {
            try Instance.run { instance in
                let first = try maintenance(of: instance)
                ChildProcess.send(.kill, to: first.pid)
                let second = try maintenance(of: instance, otherThan: first.pid)
                #expect(second.generation == "1")
                #expect(try instance.attempt(["reload"]).succeeded)
                let third = try maintenance(of: instance, otherThan: second.pid)
                #expect(third.generation == "2")
                let admin = try instance.signIn()
                for number in 1...20 { _ = try instance.createUser("\(number)@example.com", as: admin) }
                #expect(try instance.attempt(["stop"]).succeeded)
                #expect(try instance.runningSupervisor().waitForEnd() == .exited(0))
                #expect(!ProcessTable.isRunning(third.pid))
                // Its last work: the file alone has everything.
                try Command.succeed("cp", ["\(instance.directory)/gatehouse.db", "\(instance.directory)/alone.db"])
                let count = ["-readonly", "\(instance.directory)/alone.db", "SELECT count(*) FROM users"]
                #expect(try Command.succeed("sqlite3", count) == "21\n")
            }
        }

        /// The bytes of the log that count: the frame that the log ends with stands in its index, in the machine's own
        /// sequence of bytes (SQLite, "WAL-mode File Format", 2.1); the file itself keeps its size.
        private func logLength(of instance: Instance) throws -> Int {
            let index = try Files.read("\(instance.directory)/gatehouse.db-shm", limit: 16 << 20)
            return index[16..<20].reversed().reduce(0) { $0 << 8 | Int($1) } * 4096
        }

        @Test(.ofTheFile) func `the log of the database stays short under load, and expired sessions go`() throws {
            var options = Instance.Options()
            options.settings = [
                "GATEHOUSE_DATABASE_CHECKPOINT_SIZE=64KiB", "GATEHOUSE_MAINTENANCE_CHECKPOINT_INTERVAL=100ms",
                "GATEHOUSE_MAINTENANCE_EXPIRY_INTERVAL=1s", "GATEHOUSE_MAINTENANCE_KEEP_SESSIONS=0s",
            ]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                _ = try instance.createUser("ada@example.com", password: "kettle, gravel & two owls", as: admin)
                _ = try instance.signIn("ada@example.com", "kettle, gravel & two owls")
                #expect(try instance.sqlite("SELECT count(*) FROM sessions") == "2\n")
                let load = try Load.creatingUsers(on: instance, as: admin, connections: 4)
                try load.goOn(for: 500)
                #expect(try load.stop().failures == [])
                var number = 0
                try eventually("the log is short") {
                    // It begins anew when a writer finds all of it copied back, which a reader may delay. The load may
                    // have ended before that, so somebody has to write.
                    number += 1
                    _ = try instance.createUser("late-\(number)@example.com", as: admin)
                    return try logLength(of: instance) <= 1 << 20
                }
                try instance.sqlite(
                    "PRAGMA busy_timeout = 5000; UPDATE sessions SET expires_at = 1 WHERE user_id IN "
                        + "(SELECT id FROM users WHERE email_folded = 'ada@example.com')"
                )
                try eventually("the expired session is deleted") {
                    try instance.sqlite("SELECT count(*) FROM sessions") == "1\n"
                }
            }
        }

        @Test func `where there is no room for the segment, serve says so, and starts once there is`() throws {
            try Instance.prepared { instance in
                let segment = try SharedMemoryFile.path(of: instance.directory)
                try Files.remove(segment)
                // Too little for the first part, and for the second.
                for bytes in [65_536, 600_000] {
                    let arguments = ["--fsize=\(bytes)", instance.program, "serve", "--data", instance.directory]
                    let refused = try Command.run("prlimit", arguments)
                    #expect(refused.end == .exited(1))
                    #expect(refused.errors.contains("the memory that the processes of"))
                    #expect(refused.errors.contains("make room in \(segment): File too large"))
                }
                if let refused = try serveInSmallMemory(instance) {
                    #expect(refused.end == .exited(1))
                    #expect(refused.errors.contains("make room in \(segment): No space left on device"))
                }
                try instance.serve()
            }
        }

        /// Runs serve where /dev/shm is a small file system of its own; nil where none can be mounted, as in most containers.
        private func serveInSmallMemory(_ instance: Instance) throws -> Command? {
            let mount = "mount -t tmpfs -o size=256k tmpfs /dev/shm"
            guard try Command.run("unshare", ["--mount", "sh", "-c", mount]).succeeded else { return nil }
            let script = "\(mount) && exec \"$0\" serve --data \"$1\""
            return try Command.run("unshare", ["--mount", "sh", "-c", script, instance.program, instance.directory])
        }

        @Test func `a segment that cannot be used keeps commands from writing, with its reason`() throws {
            try Instance.prepared { instance in
                let segment = try SharedMemoryFile.path(of: instance.directory)
                try Command.succeed("chmod", ["0644", segment])
                // Nobody uses it, so it is made anew.
                try instance.serve()
                try Command.succeed("chmod", ["0644", segment])
                let refused = try instance.attempt(["users", "create", "--email", "b@example.com", "--name", "B"])
                #expect(refused.end == .exited(1))
                #expect(refused.errors.contains("may be used by others than its owner"))
            }
        }
    }
}
