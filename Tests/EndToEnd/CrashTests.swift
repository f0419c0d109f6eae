import Linux
import Testing

extension EndToEndTests {
    /// Processes that die without a word.
    @Suite struct CrashTests {
        @Test func `a killed worker is replaced, and no request fails or is carried out twice`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let load = try Load.creatingUsers(on: instance, as: admin)
                for _ in 0..<5 {
                    let before = try instance.workers()
                    let victim = try #require(before.first)
                    try load.goOn(for: 100)
                    ChildProcess.send(.kill, to: victim.pid)
                    // The others go on at once, not only after the replacement.
                    try load.goOn(for: 50)
                    try eventually("the worker is replaced") {
                        let workers = try instance.workers()
                        return workers.count == before.count && workers.allSatisfy { $0.phase == "ready" }
                            && !workers.contains { $0.pid == victim.pid }
                    }
                    let after = try instance.workers()
                    #expect(after.contains { $0.slot == victim.slot && $0.generation == victim.generation })
                    #expect(Set(after.map(\.pid)).intersection(before.map(\.pid)).count == before.count - 1)
                }
                let outcome = try load.stop()
                #expect(outcome.failures == [])
                // A change that was made and asked for again would be a conflict.
                #expect(outcome.refusals == [:])
                #expect(try instance.total(as: admin) == outcome.acknowledged.count + 1)
                #expect(try instance.missing(of: outcome.acknowledged, as: admin) == [])
            }
        }

        @Test func `workers whose supervisor was killed serve on until a new one has taken them over`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let workers = try instance.workers().map(\.pid)
                let load = try Load.creatingUsers(on: instance, as: admin, connections: 4)
                try load.goOn(for: 50)
                for _ in 0..<2 {
                    let supervisor = try instance.runningSupervisor()
                    supervisor.send(.kill)
                    #expect(try supervisor.waitForEnd() == .killed(signal: 9))
                    try load.goOn(for: 50)
                    try instance.serve()
                    try load.goOn(for: 50)
                }
                try eventually("the old workers end", within: 120) { !workers.contains(where: ProcessTable.isRunning) }
                #expect(try instance.workers().count == instance.options.workers)
                try expectNothingLost(try load.stop(), instance, admin)
            }
        }

        @Test func `a new supervisor starts while workers of the killed one finish a request`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let workers = try instance.workers().map(\.pid)
                let peer = try FastCGIPeer(instance.applicationSocket)
                let body = Array(Instance.credentials("ada@example.com", "a wrong password").utf8)
                let length = body.count
                let path = "/api/sessions"
                try peer.send(
                    FastCGIRecord.beginning + FastCGIRecord.head("POST", path, contentLength: length)
                        + FastCGIRecord.bytes(FastCGIRecord.body, Array(body.prefix(5)))
                )
                #expect(try instance.send(HTTPRequest("GET", "/openapi.json")).status == 200)
                let supervisor = try instance.runningSupervisor()
                supervisor.send(.kill)
                #expect(try supervisor.waitForEnd() == .killed(signal: 9))
                try instance.serve()
                #expect(try instance.total(as: admin) == 1)
                #expect(workers.contains(where: ProcessTable.isRunning))
                try peer.send(
                    FastCGIRecord.bytes(FastCGIRecord.body, Array(body.dropFirst(5)))
                        + FastCGIRecord.bytes(FastCGIRecord.body, [])
                )
                #expect(String(decoding: try peer.readToEnd(), as: UTF8.self).contains("Status: 401 "))
                try eventually("the old workers end", within: 10) {
                    !workers.contains(where: ProcessTable.isRunning)
                }
            }
        }
    }
}
