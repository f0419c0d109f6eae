import JSON
import Linux
import Testing

extension EndToEndTests {
    /// The files that the pool writes.
    @Suite struct LogTests {
        private func accessLog(_ instance: Instance) -> String { "\(instance.directory)/log/access.log" }

        private func text(_ path: String) throws -> String {
            String(decoding: try Files.read(path, limit: 256 << 20), as: UTF8.self)
        }

        /// The ids of the requests that have a line in any of the files, each line being whole.
        private func requests(_ paths: [String]) throws -> [String] {
            try paths.flatMap { path in
                try text(path).split(separator: "\n").map { line in
                    guard case .object(let members) = try JSONReader.read(Array(line.utf8)),
                        case .string(let id)? = members["request_id"]
                    else { throw Failure("no line of a request: \(line)") }
                    return id
                }
            }
        }

        @Test func `the end of the pool loses no line`() throws {
            try Instance.run { instance in
                let client = HTTPClient(instance.plainSocket)
                let ids = try (0..<200).map { _ in
                    try client.send(HTTPRequest("GET", "/api/me"))["request-id"] ?? "none"
                }
                try instance.command(["stop"])
                #expect(try instance.runningSupervisor().waitForEnd() == .exited(0))
                let logged = try requests([accessLog(instance)])
                #expect(Set(ids).isSubset(of: logged))
                #expect(Set(logged).count == logged.count)
            }
        }

        @Test func `a worker that is killed loses no line that is older than a second`() throws {
            var options = Instance.Options()
            options.workers = 1
            try Instance.run(options) { instance in
                let id = try instance.send(HTTPRequest("GET", "/api/me"))["request-id"] ?? "none"
                // No longer than that: it is there within a second, whatever the machine is busy with.
                pause(milliseconds: 1000)
                for worker in try instance.workers() { ChildProcess.send(.kill, to: worker.pid) }
                try eventually("the line is there") { try requests([accessLog(instance)]).contains(id) }
            }
        }

        @Test(arguments: [true, false])
        func `files that were moved away are let go of under load, and no line is lost`(bySignal: Bool) throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let load = try Load.creatingUsers(on: instance, as: admin, connections: 4)
                var files: [String] = []
                for number in 1...3 {
                    try load.goOn(for: 20)
                    let moved = "\(accessLog(instance)).\(number)"
                    try Command.succeed("mv", [accessLog(instance), moved])
                    if bySignal {
                        try instance.runningSupervisor().send(.user1)
                        try eventually("both workers have a new file") {
                            try Set(openFiles(instance)) == [accessLog(instance)]
                        }
                    } else {
                        #expect(try instance.command(["logs", "reopen"]) == "all logs are open anew\n")
                        #expect(try Set(openFiles(instance)) == [accessLog(instance)])
                    }
                    files.append(moved)
                }
                let outcome = try load.stop()
                #expect(outcome.failures == [])
                try instance.command(["stop"])
                #expect(try instance.runningSupervisor().waitForEnd() == .exited(0))
                let logged = try requests(files + [accessLog(instance)])
                #expect(Set(logged).count == logged.count)
                #expect(logged.count >= outcome.acknowledged.count)
            }
        }

        /// The access logs that workers have open.
        private func openFiles(_ instance: Instance) throws -> [String] {
            try instance.workers().flatMap { worker in
                try Command.run("sh", ["-c", "readlink /proc/\(worker.pid)/fd/* || true"]).text
                    .split(separator: "\n").map(String.init).filter { $0.contains("/log/access.log") }
            }
        }

        @Test func `logs that cannot be opened anew are told, and the pool writes on`() throws {
            try Instance.run { instance in
                let log = "\(instance.directory)/log"
                try Command.succeed("mv", [log, "\(log).moved"])
                let refused = try instance.attempt(["logs", "reopen"])
                #expect(refused.end == .exited(1))
                #expect(refused.errors.contains("No such file or directory"))
                let id = try instance.send(HTTPRequest("GET", "/api/me"))["request-id"] ?? "none"
                try eventually("the line is there") { try requests(["\(log).moved/access.log"]).contains(id) }
                try Command.succeed("mv", ["\(log).moved", log])
            }
        }

        @Test func `a disk without room for the log stops nobody, and is told`() throws {
            var options = Instance.Options()
            options.settings = ["GATEHOUSE_LOG_ACCESS=/dev/full"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                _ = try instance.createUser("ada@example.com", as: admin)
                try eventually("it is told") {
                    try text(instance.eventLog).contains("the access log cannot be written")
                }
                #expect(try instance.total(as: admin) == 2)
            }
        }

        @Test(.ofTheFile) func `a request behind others that hold the lock is told with what it waited for`() throws {
            var options = Instance.Options()
            options.settings = ["GATEHOUSE_LOG_SLOW_REQUEST=200ms", "GATEHOUSE_DATABASE_BUSY_TIMEOUT=400ms"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let lock = try DatabaseLock(instance)
                let body = #"{"email":"b@example.com","name":"B"}"#
                let response = try instance.send(HTTPRequest("POST", "/api/users", token: admin, json: body))
                #expect(response.status == 503)
                try lock.release()
                let id = response["request-id"] ?? "none"
                try eventually("the line is there") { try text(accessLog(instance)).contains(id) }
                let line = try text(accessLog(instance)).split(separator: "\n").first { $0.contains(id) } ?? ""
                #expect(line.contains(#""slow":{"mostly_for":""#), "\(line)")
                #expect(line.contains(#""queue_us":"#), "\(line)")
            }
        }

        @Test func `a slow statement is told with its plan`() throws {
            var options = Instance.Options()
            options.settings = ["GATEHOUSE_LOG_SLOW_STATEMENT=1us"]
            try Instance.run(options) { instance in
                _ = try instance.signIn()
                try eventually("it is told") {
                    try text(instance.eventLog).split(separator: "\n").contains { line in
                        line.contains(#""message":"slow statement""#) && line.contains(#""statement":"users."#)
                            && (line.contains("SEARCH users USING") || line.contains("Index Scan using"))
                    }
                }
            }
        }

        @Test func `lines for people have the time first and the request last`() throws {
            var options = Instance.Options()
            options.settings = ["GATEHOUSE_LOG_FORMAT=text"]
            try Instance.run(options) { instance in
                let response = try instance.send(HTTPRequest("GET", "/api/me"))
                let id = response["request-id"] ?? "none"
                try eventually("the line is there") { try text(accessLog(instance)).contains(id) }
                let line = try text(accessLog(instance)).split(separator: "\n").first { $0.contains(id) } ?? ""
                #expect(line.contains("  info  GET /api/me  401  "))
                #expect(line.contains("  UNAUTHENTICATED  "))
                let events = try text(instance.eventLog)
                #expect(events.contains("  info  supervisor "))
                #expect(events.contains("  info  worker "))
                #expect(!events.contains("{"))
            }
        }

        @Test func `what begins, ends and dies is an event`() throws {
            try Instance.run { instance in
                let worker = try #require(try instance.workers().first)
                ChildProcess.send(.kill, to: worker.pid)
                try eventually("it is replaced") {
                    let workers = try instance.workers()
                    return workers.count == instance.options.workers && !workers.contains(worker)
                        && workers.allSatisfy { $0.phase == "ready" }
                }
                #expect(try instance.attempt(["reload"]).succeeded)
                try instance.command(["stop"])
                #expect(try instance.runningSupervisor().waitForEnd() == .exited(0))
                let messages = try instance.events().map(\.message)
                for message in [
                    "serving", "worker is ready", "worker died", "reloading", "stopping: no new requests",
                    "finishing what runs", "closing databases", "closing caches", "ends", "stopping",
                ] {
                    #expect(messages.contains(message), "\(message)")
                }
            }
        }
    }
}
