import JSON
import Linux
import Testing

extension EndToEndTests {
    /// What the pool tells of itself, over HTTP and on the command line.
    @Suite struct StatusTests {
        private func status(_ instance: Instance) throws -> JSONValue {
            let response = try instance.send(HTTPRequest("GET", "/status"))
            #expect(response.status == 200)
            return try response.json()
        }

        private func readable() -> Instance.Options {
            var options = Instance.Options()
            options.settings = [HealthTests.readable]
            return options
        }

        @Test func `workers, the supervisor and the last reload are told over reloads`() throws {
            var options = readable()
            options.threads = 3
            try Instance.run(options) { instance in
                try eventually("all workers are told") { try status(instance)["workers"]?.elements.count == 2 }
                let first = try status(instance)
                #expect(first["supervisor"]?["generation"]?.integer == 1)
                #expect(first["supervisor"]?["pid"]?.integer == Int64(try instance.runningSupervisor().pid))
                #expect(first["last_reload"] == .null)
                #expect(first["limits"] == .bool(false))
                #expect(first["supervisor"]?["notices"]?.elements.count == 1)
                let pids = Set(try instance.workers().map { Int64($0.pid) })
                let told = first["workers"]?.elements.compactMap { $0["pid"]?.integer } ?? []
                #expect(Set(told) == pids)
                for worker in first["workers"]?.elements ?? [] {
                    #expect(worker["threads"]?.integer == 3)
                    #expect(worker["memory_bytes"]?.integer.map { $0 > 0 } == true)
                    #expect(worker["phase"]?.string == "serving")
                }

                try instance.command(["reload"])
                try eventually("the new workers are told") {
                    let now = try status(instance)
                    return now["supervisor"]?["generation"]?.integer == 2
                        && now["workers"]?.elements.count { $0["generation"]?.integer == 2 } == 2
                }
                #expect(try status(instance)["last_reload"]?["succeeded"] == .bool(true))

                try Files.replace(
                    "\(instance.directory)/gatehouse.yaml",
                    with: Array("pool: {threds: 1}".utf8),
                    permissions: 0o600
                )
                #expect(try instance.attempt(["reload"]).end == .exited(1))
                let failed = try status(instance)["last_reload"]
                #expect(failed?["succeeded"] == .bool(false))
                #expect(failed?["failure"]?.string?.contains("threds") == true)
            }
        }

        @Test(.ofTheFile) func `requests that run are told with route and age, and what waits at the socket`() throws {
            var options = readable()
            options.workers = 1
            options.threads = 2
            options.settings.append("GATEHOUSE_DATABASE_BUSY_TIMEOUT=50s")
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let lock = try DatabaseLock(instance)
                let load = try Load.creatingKeys(on: instance, as: admin, connections: 6)
                try eventually("two run and the others wait") {
                    let now = try status(instance)
                    let routes = now["requests"]?.elements.compactMap { $0["route"]?.string } ?? []
                    let waits = now["queue"] == .null || (now["queue"]?["depth"]?.integer ?? 0) >= 2
                    return routes == ["POST /api/v1/api-keys", "POST /api/v1/api-keys"] && waits
                }
                let request = try #require(try status(instance)["requests"]?.elements.first)
                #expect(request["phase"]?.string == "write_lock")
                #expect(request["request_id"]?.string?.count == 32)
                let age = try #require(request["age_ms"]?.integer)
                try eventually("it grows older") {
                    try status(instance)["requests"]?.elements.first?["age_ms"]?.integer ?? 0 > age
                }
                // Without nginx too.
                let command = try instance.command(["status", "--json"])
                #expect(command.contains("POST /api/v1/api-keys"))
                #expect(try instance.command(["top", "--once"]).contains("POST /api/v1/api-keys"))
                try lock.release()
                #expect(try load.stop().failures == [])
                try eventually("nothing runs any more") { try status(instance)["requests_running"]?.integer == 0 }
            }
        }

        @Test func `how long requests take is told over all workers, and goes on over a reload`() throws {
            try Instance.run(readable()) { instance in
                let admin = try instance.signIn()
                func latency(_ part: String) throws -> JSONValue? { try status(instance)["latency_ms"]?[part] }
                func answered() throws -> Int64 { try #require(try latency("since_start")?["requests"]?.integer) }
                // The sign-in, and what new workers are tried with.
                let before = try answered()
                for _ in 0..<50 {
                    #expect(try instance.send(HTTPRequest("GET", "/api/me", token: admin)).status == 200)
                }
                #expect(try answered() == before + 50)
                let atFirst = try #require(try latency("since_start"))
                let (p50, p90) = (milliseconds(atFirst["p50"]), milliseconds(atFirst["p90"]))
                let p99 = milliseconds(atFirst["p99"])
                #expect(0 < p50 && p50 <= p90 && p90 <= p99)
                #expect(milliseconds(try status(instance)["queue_ms"]?["since_start"]?["p99"]) >= 0)

                try instance.command(["reload"])
                #expect(try instance.send(HTTPRequest("GET", "/api/me", token: admin)).status == 200)
                #expect(try answered() > before + 50)
                try eventually("the new workers tell of the time since they began") {
                    guard let lately = try latency("lately"), let seconds = lately["seconds"]?.integer,
                        let requests = lately["requests"]?.integer
                    else { return false }
                    return seconds <= 66 && requests < before + 50
                }
                for command in [["status"], ["top", "--once"]] {
                    let text = try instance.command(command)
                    #expect(text.contains("since start: ") && text.contains(" requests, served within  p50 "))
                    #expect(text.contains("last reload"))
                }
            }
        }

        private func milliseconds(_ value: JSONValue?) -> Double {
            switch value {
            case .number(let number)?: number
            case .integer(let number)?: Double(number)
            default: -1
            }
        }

        @Test(.ofTheFile) func `what is wrong is told in words`() throws {
            try Instance.run(readable()) { instance in
                let file = "\(instance.directory)/gatehouse.db"
                func isTold() throws -> Bool {
                    let conditions = try status(instance)["conditions"]?.elements.compactMap(\.string) ?? []
                    return conditions.contains { $0.contains("database") }
                }
                let atFirst = try isTold()
                #expect(!atFirst)
                try Files.rename(file, to: "\(file).away")
                try eventually("the reason is told") { try isTold() }
                try Files.rename("\(file).away", to: file)
            }
        }

        @Test func `where nothing runs, commands say so by their exit code`() throws {
            try Instance.prepared { instance in
                for arguments in [["status", "--json"], ["top", "--once"]] {
                    let command = try instance.attempt(arguments)
                    #expect(command.end == .exited(4))
                    #expect(command.errors.contains("no gatehouse serves"))
                }
            }
        }

        @Test func `top shows the pool live in a terminal, and leaves it as it was`() throws {
            try Instance.run { instance in
                let refused = try instance.attempt(["top"])
                #expect(refused.end == .exited(64))
                #expect(refused.errors.contains("needs a terminal"))
                let terminal = try TmuxSession(
                    "\(instance.program) top --data \(instance.directory); echo ended $?",
                    directory: instance.directory
                )
                defer { terminal.end() }
                try terminal.waitFor("generation 1  serving")
                try terminal.waitFor("WORKER  GENERATION")
                try terminal.resize(columns: 40, rows: 6)
                try terminal.waitFor("more")
                let narrow = try terminal.screen()
                #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 40 })
                try terminal.resize(columns: 120, rows: 30)
                try instance.command(["reload"])
                try terminal.waitFor("generation 2  serving")
                try terminal.type("q")
                try terminal.waitFor("ended 0")
                // The screen of before is there again, without anything of top's.
                let left = try terminal.screen()
                #expect(!left.contains("GENERATION"))
            }
        }
    }
}

/// A terminal of tmux with a command in it.
private struct TmuxSession {
    private let socket: String

    init(_ command: String, directory: String) throws {
        socket = "\(directory)/run/tmux.sock"
        // What follows the command keeps the terminal for a look.
        _ = try run(["new-session", "-d", "-s", "test", "-x", "120", "-y", "30", "\(command); cat"])
    }

    private func run(_ arguments: [String]) throws -> String {
        try Command.succeed("tmux", ["-f", "/dev/null", "-S", socket] + arguments)
    }

    func screen() throws -> String { try run(["capture-pane", "-p", "-t", "test"]) }

    func waitFor(_ text: String) throws {
        try eventually("\"\(text)\" on the screen") { try screen().contains(text) }
    }

    func type(_ keys: String) throws { _ = try run(["send-keys", "-t", "test", keys]) }

    func resize(columns: Int, rows: Int) throws {
        _ = try run(["resize-window", "-t", "test", "-x", "\(columns)", "-y", "\(rows)"])
    }

    func end() { _ = try? run(["kill-server"]) }
}
