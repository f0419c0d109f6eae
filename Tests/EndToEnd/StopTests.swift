import Linux
import Testing

extension EndToEndTests {
    /// The end of the pool, by signals and by command.
    @Suite struct StopTests {
        @Test func `TERM under load loses nothing that was acknowledged and cuts no response`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let load = try Load.creatingUsers(on: instance, as: admin)
                try load.goOn(for: 200)
                let supervisor = try instance.runningSupervisor()
                supervisor.send(.terminate)
                #expect(try supervisor.waitForEnd(within: 10) == .exited(0))
                let outcome = try load.stop()
                #expect(outcome.failures == [])
                // nginx, once nobody listens any more.
                #expect(Set(outcome.refusals.keys).isSubset(of: [502]))
                try instance.serve()
                #expect(try instance.total(as: admin) == outcome.acknowledged.count + 1)
                #expect(try instance.missing(of: outcome.acknowledged, as: admin) == [])
            }
        }

        @Test(.ofTheFile, arguments: ["TERM", "QUIT", "stop"])
        func `requests that run are finished`(how: String) throws {
            var options = Instance.Options()
            options.workers = 1
            options.threads = 16
            options.settings = ["GATEHOUSE_DATABASE_BUSY_TIMEOUT=20s"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                // All of these write, and none can before the lock is released.
                let credentials = Instance.credentials(Instance.administratorEmail, Instance.administratorPassword)
                let lock = try DatabaseLock(instance)
                let load = try Load(connections: 8, socket: instance.plainSocket) { client, number in
                    guard number == 1 else { return HTTPRequest("GET", "/not-here") }
                    if client < 2 { return HTTPRequest("POST", "/api/sessions", json: credentials) }
                    let user = #"{"email":"user\#(client)@example.com","name":"User"}"#
                    return HTTPRequest("POST", "/api/users", token: admin, json: user)
                }
                try eventually("all have been accepted") { try instance.applicationConnections().accepted == 8 }
                let supervisor = try instance.runningSupervisor()
                switch how {
                case "TERM": supervisor.send(.terminate)
                case "QUIT": supervisor.send(.quit)
                default: #expect(try instance.attempt(["stop"]).end == .exited(0))
                }
                try waitForDrain(of: instance)
                #expect(load.progress == 0)
                try lock.release()
                #expect(try supervisor.waitForEnd(within: 10) == .exited(0))
                let outcome = try load.stop()
                #expect(outcome.acknowledged.count == 8)
                #expect(Set(outcome.refusals.keys).isSubset(of: [404]))
                #expect(outcome.failures == [])
                #expect(Files.exists("\(instance.directory)/run/control.sock") == false)
                #expect(try instance.attempt(["status"]).end == .exited(4))
                #expect(try instance.sqlite("SELECT count(*) FROM users") == "7\n")
            }
        }

        @Test func `each worker tells the five steps of its end, in their order`() throws {
            try Instance.run { instance in
                try instance.command(["stop"])
                let supervisor = try instance.runningSupervisor()
                #expect(try supervisor.waitForEnd(within: 10) == .exited(0))
                let events = try instance.events()
                let workers = Set(events.filter { $0.process == "worker" }.map(\.pid))
                #expect(workers.count == 2)
                for worker in workers {
                    let told = events.filter { $0.pid == worker }.map(\.message)
                    #expect(
                        told.suffix(5) == [
                            "stopping: no new requests", "finishing what runs", "closing databases", "closing caches",
                            "ends",
                        ]
                    )
                }
                #expect(events.last?.process == "supervisor")
                #expect(events.last?.message == "ends")
            }
        }

        @Test(.ofTheFile) func `what does not finish in time is cancelled, and changes nothing`() throws {
            var options = Instance.Options()
            options.workers = 1
            options.settings = ["GATEHOUSE_DATABASE_BUSY_TIMEOUT=60s", "GATEHOUSE_POOL_SHUTDOWN_TIMEOUT=1s"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let lock = try DatabaseLock(instance)
                // Where they wait for the database they are answered, and cut off where maintenance waits before them.
                let load = try Load(connections: 2, socket: instance.plainSocket) { client, number in
                    guard number == 1 else { return HTTPRequest("GET", "/not-here") }
                    let user = #"{"email":"user\#(client)@example.com","name":"User"}"#
                    return HTTPRequest("POST", "/api/users", token: admin, json: user)
                }
                try eventually("both have been accepted") { try instance.applicationConnections().accepted == 2 }
                let supervisor = try instance.runningSupervisor()
                supervisor.send(.terminate)
                #expect(try supervisor.waitForEnd(within: 60) == .exited(0))
                try lock.release()
                let outcome = try load.stop()
                #expect(outcome.failures == [])
                #expect(outcome.acknowledged.isEmpty)
                #expect(Set(outcome.refusals.keys).isSubset(of: [404, 502, 503]))
                let messages = try instance.events().map(\.message)
                #expect(messages.contains("the time to finish is over: what runs is cancelled"))
                #expect(try instance.sqlite("SELECT count(*) FROM users") == "1\n")
            }
        }

        @Test func `a request that arrives in pieces around TERM is answered`() throws {
            var options = Instance.Options()
            options.workers = 1
            try Instance.run(options) { instance in
                let worker = try #require(try instance.workers().first)
                let request =
                    FastCGIRecord.beginning + FastCGIRecord.head("GET", "/health")
                    + FastCGIRecord.bytes(FastCGIRecord.body, [])
                let peer = try FastCGIPeer(instance.applicationSocket)
                try peer.send(Array(request.prefix(40)))
                // Served after the beginning above was accepted, as connections are taken in their order.
                #expect(try instance.send(HTTPRequest("GET", "/openapi.json")).status == 200)
                try instance.runningSupervisor().send(.terminate)
                try waitForDrain(of: instance)
                #expect(ProcessTable.isRunning(worker.pid))
                try peer.send(Array(request.dropFirst(40)))
                let answer = String(decoding: try peer.readToEnd(), as: UTF8.self)
                #expect(answer.contains("Status: 200 OK"))
                #expect(try instance.runningSupervisor().waitForEnd(within: 10) == .exited(0))
            }
        }

        @Test(arguments: [[Signal.interrupt], [.terminate, .terminate]])
        func `INT, and a second TERM, end at once`(signals: [Signal]) throws {
            try Instance.run { instance in
                // Half a body keeps a thread waiting for longer than this test runs.
                let peer = try FastCGIPeer(instance.applicationSocket)
                let head = FastCGIRecord.beginning + FastCGIRecord.head("POST", "/api/sessions", contentLength: 100)
                try peer.send(head + FastCGIRecord.bytes(FastCGIRecord.body, Array("{".utf8)))
                #expect(try instance.send(HTTPRequest("GET", "/openapi.json")).status == 200)
                let workers = try instance.workers().map(\.pid)
                let supervisor = try instance.runningSupervisor()
                let duration = try timed {
                    for (index, signal) in signals.enumerated() {
                        // Signals of one kind that wait are one signal.
                        if index > 0 { try waitForDrain(of: instance) }
                        supervisor.send(signal)
                    }
                    #expect(try supervisor.waitForEnd(within: 10) == .exited(0))
                }
                #expect(duration < 3000)
                #expect(workers.filter(ProcessTable.isRunning) == [])
            }
        }

        private func waitForDrain(of instance: Instance) throws {
            try eventually("the drain begins") {
                String(decoding: try Files.read(instance.eventLog), as: UTF8.self).contains("finishing what runs")
            }
        }
    }
}
