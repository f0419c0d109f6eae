import JSON
import Linux
import Testing

extension EndToEndTests {
    /// How the service is, asked for through nginx by the socket that is for that.
    @Suite struct HealthTests {
        /// A client of nginx on a unix socket, as the tests are, may see what is for operators.
        static let readable = "GATEHOUSE_STATUS_READERS=127.0.0.1 ::1 unix"

        @Test(.ofTheFile) func `every thread may wait, and the health is told at once`() throws {
            var options = Instance.Options()
            options.workers = 1
            options.threads = 2
            options.settings = ["GATEHOUSE_DATABASE_BUSY_TIMEOUT=50s", Self.readable]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let lock = try DatabaseLock(instance)
                let load = try Load.creatingKeys(on: instance, as: admin, connections: 8)
                // Two have a thread each and wait for the lock, and nobody accepts the others.
                try eventually("requests wait to be accepted") { try instance.applicationConnections().waiting >= 4 }
                let client = HTTPClient(instance.plainSocket)
                for _ in 0..<100 {
                    for path in ["/health", "/health/ready", "/health/live"] {
                        #expect(try client.send(HTTPRequest("GET", path)).status == 200)
                    }
                    let health = try client.send(HTTPRequest("GET", "/health")).json()
                    #expect(health["status"]?.string == "healthy" || health["status"]?.string == "degraded")
                    let age = try #require(health["details"]?["checked_ms_ago"]?.integer)
                    #expect(age < 30_000)
                }
                #expect(load.progress == 0)
                #expect(try instance.applicationConnections().waiting >= 4)
                try lock.release()
                try load.goOn(for: 20)
                #expect(try load.stop().failures == [])
            }
        }

        @Test func `whoever asks for the health is never limited`() throws {
            var options = Instance.Options()
            options.nginx = ["--limits", "on"]
            options.isLimited = true
            options.settings = ["GATEHOUSE_LIMITS_ADDRESS=10/1m"]
            try Instance.run(options) { instance in
                let client = HTTPClient(instance.plainSocket)
                for path in ["/health", "/health/live", "/health/ready"] {
                    let statuses = try (0..<400).map { _ in try client.send(HTTPRequest("GET", path)).status }
                    #expect(Set(statuses) == [200])
                }
            }
        }

        @Test(.ofTheFile) func `a database that is gone makes the service not ready, and alive all the same`() throws {
            try Instance.run { instance in
                let file = "\(instance.directory)/gatehouse.db"
                #expect(try statuses(instance) == [200, 200, 200])
                try Files.rename(file, to: "\(file).away")
                try eventually("the loss is told by all workers") {
                    try (0..<20).allSatisfy { _ in try statuses(instance) == [503, 503, 200] }
                }
                let health = try instance.send(HTTPRequest("GET", "/health"))
                #expect(try health.json()["status"]?.string == "unhealthy")
                #expect(try health.json()["checks"]?["database"]?.string == "disconnected")
                #expect(health["retry-after"] == "1")
                let ready = try instance.send(HTTPRequest("GET", "/health/ready"))
                #expect(try ready.json()["reason"]?.string == "unhealthy")
                try Files.rename("\(file).away", to: file)
                try eventually("it is there again") { try statuses(instance) == [200, 200, 200] }
            }
        }

        @Test(.ofTheFile) func `a database that lets nobody read makes the service not ready, and alive all the same`()
            throws
        {
            var options = Instance.Options()
            // Each worker finds it out for itself, and half a second sooner or later than another.
            options.workers = 1
            try Instance.run(options) { instance in
                let lock = try DatabaseLock.ofReaders(instance)
                try eventually("the loss is told", within: 60) { try statuses(instance) == [503, 503, 200] }
                // It does not flap while nothing changes: longer than the check takes until SQLite gives up.
                let deadline = SystemClock.monotonicNanoseconds() + 15_000_000_000
                while SystemClock.monotonicNanoseconds() < deadline {
                    #expect(try statuses(instance) == [503, 503, 200])
                    pause(milliseconds: 100)
                }
                try lock.release()
                try eventually("it is there again", within: 60) { try statuses(instance) == [200, 200, 200] }
            }
        }

        @Test(.ofTheFile) func `a pool that ends tells so until its last request is answered`() throws {
            var options = Instance.Options()
            options.settings = ["GATEHOUSE_DATABASE_BUSY_TIMEOUT=50s"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let lock = try DatabaseLock(instance)
                let load = try Load.creatingUsers(on: instance, as: admin, connections: 1)
                try eventually("the request runs") { try instance.applicationConnections().accepted > 0 }
                // Only what a thread has taken keeps a worker from ending.
                pause(milliseconds: 100)
                try instance.runningSupervisor().send(.terminate)
                try eventually("it is told") {
                    try instance.send(HTTPRequest("GET", "/health/ready")).json()["reason"]?.string == "draining"
                }
                #expect(try instance.send(HTTPRequest("GET", "/health/live")).status == 200)
                try lock.release()
                _ = try load.stop()
                #expect(try instance.runningSupervisor().waitForEnd() == .exited(0))
            }
        }

        @Test func `what is for operators does not exist for others`() throws {
            try Instance.run { instance in
                for path in ["/status", "/metrics"] {
                    expectError(try instance.curl.send(HTTPRequest("GET", path)), 404, "NOT_FOUND")
                }
                let health = try instance.curl.send(HTTPRequest("GET", "/health"))
                expectFields(health, status: 200)
                #expect(try health.json().names == ["status", "checks"])
            }
        }

        @Test func `a flood of the health leaves the pool to its work`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let flood = try Load(connections: 4, socket: instance.plainSocket) { _, _ in
                    HTTPRequest("GET", "/health")
                }
                let load = try Load.creatingUsers(on: instance, as: admin, connections: 2)
                try load.goOn(for: 100)
                #expect(try load.stop().failures == [])
                let outcome = try flood.stop()
                #expect(Set(outcome.refusals.keys) == [200])
                #expect(outcome.failures == [])
            }
        }

        /// The statuses of health, readiness and liveness.
        private func statuses(_ instance: Instance) throws -> [Int] {
            try ["/health", "/health/ready", "/health/live"].map {
                try instance.send(HTTPRequest("GET", $0)).status
            }
        }
    }
}
