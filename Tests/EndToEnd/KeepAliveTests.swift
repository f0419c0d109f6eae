import Linux
import Testing

extension EndToEndTests {
    /// Connections that nginx keeps open to the application.
    @Suite struct KeepAliveTests {
        @Test func `kept connections that lie idle starve nobody`() throws {
            var options = Instance.Options()
            options.workers = 1
            options.threads = 2
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                try openConnections(8, instance, admin)
                #expect(try instance.applicationConnections().accepted >= 8)
                // A new connection beside the kept ones, and more requests at a time than there are threads.
                let peer = try FastCGIPeer(instance.applicationSocket, within: 5)
                try peer.send(
                    FastCGIRecord.beginning + FastCGIRecord.head("GET", "/health")
                        + FastCGIRecord.bytes(FastCGIRecord.body, [])
                )
                #expect(String(decoding: try peer.readToEnd(), as: UTF8.self).contains("Status: 200 OK"))
                let load = try Load.creatingUsers(on: instance, as: admin)
                try load.goOn(for: 400)
                let outcome = try load.stop()
                #expect(outcome.refusals == [:])
                #expect(outcome.failures == [])
                #expect(try instance.missing(of: outcome.acknowledged, as: admin) == [])
                try expectNoDelay(instance)
            }
        }

        @Test func `connections that nginx does not keep are served in the same way`() throws {
            var options = Instance.Options()
            options.nginx += ["--keepalive", "off"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let load = try Load.creatingUsers(on: instance, as: admin)
                try load.goOn(for: 200)
                try expectNothingLost(try load.stop(), instance, admin)
                try eventually("nothing is kept") { try instance.applicationConnections() == (0, 0) }
            }
        }

        @Test func `a worker that nobody uses any more after a reload ends when nginx lets go of it`() throws {
            try Instance.run { instance in
                let before = try instance.workers()
                try openConnections(8, instance, try instance.signIn())
                #expect(try instance.attempt(["reload"]).end == .exited(0))
                // nginx closes what lies idle for 5 seconds, which is less than pool.shutdown_timeout.
                try eventually("the old workers end", within: 15) {
                    try Set(instance.workers()).isDisjoint(with: before) && instance.workers().count == before.count
                }
                #expect(try !String(decoding: Files.read(instance.eventLog), as: UTF8.self).contains("unfinished"))
            }
        }

        @Test func `no request is lost where all kept connections died before nginx has noticed`() throws {
            var options = Instance.Options()
            options.workers = 1
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                try openConnections(12, instance, admin)
                let client = try HTTPConnection(instance.plainSocket)
                let request = HTTPRequest("GET", "/api/v1/me", token: admin)
                #expect(try client.send(request).status == 200)
                let nginx = ProcessTable.children(of: try #require(instance.nginx).pid)
                let victim = try #require(try instance.workers().first)
                // nginx finds the request first, and behind it the ends of all connections on which it could send that.
                for process in nginx { try Command.succeed("sh", ["-c", "kill -STOP \(process)"]) }
                try client.begin(request)
                ChildProcess.send(.kill, to: victim.pid)
                try eventually("it has died") { !ProcessTable.isRunning(victim.pid) }
                for process in nginx { try Command.succeed("sh", ["-c", "kill -CONT \(process)"]) }
                #expect(try client.answer(to: request).status == 200)
            }
        }

        /// Has that many changes wait at once, so that nginx needs a connection for each.
        private func openConnections(_ count: Int, _ instance: Instance, _ admin: String) throws {
            let lock = try DatabaseLock(instance)
            let load = try Load.creatingUsers(on: instance, as: admin, connections: count)
            try eventually("\(count) connections to the application") {
                let connections = try instance.applicationConnections()
                return connections.accepted + connections.waiting >= count
            }
            try lock.release()
            try load.goOn(for: count)
            let outcome = try load.stop()
            #expect(outcome.refusals == [:])
            #expect(outcome.acknowledged.count >= count)
        }
    }
}
