import Linux
import Testing

extension EndToEndTests {
    /// A database that cannot be written for a while.
    @Suite(.ofTheFile) struct StorageFaultTests {
        @Test func `a locked database refuses changes in time and lets reads go on`() throws {
            var options = Instance.Options()
            options.settings = ["GATEHOUSE_DATABASE_BUSY_TIMEOUT=300ms"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let body = #"{"email":"a@example.com","name":"A"}"#
                let create = HTTPRequest("POST", "/api/users", token: admin, json: body)
                let lock = try DatabaseLock(instance)
                let duration = try timed { expectUnavailable(try instance.curl.send(create)) }
                #expect((250..<3000).contains(duration))
                #expect(try instance.total(as: admin) == 1)
                expectFields(try instance.curl.send(HTTPRequest("GET", "/health")), status: 200)
                try lock.release()
                expectFields(try instance.curl.send(create), status: 201)
                #expect(try instance.total(as: admin) == 2)
            }
        }

        @Test func `a full disk refuses changes, and what was acknowledged is there`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                func create(_ number: Int) throws -> HTTPResponse {
                    let body = #"{"email":"\#(number)@example.com","name":"A"}"#
                    return try instance.curl.send(HTTPRequest("POST", "/api/users", token: admin, json: body))
                }
                for number in 1...20 { #expect(try create(number).status == 201) }
                try setFileSizeLimit("1", instance)
                for number in 21...26 { expectUnavailable(try create(number)) }
                #expect(try instance.total(as: admin) == 21)
                #expect(try instance.send(HTTPRequest("GET", "/api/me", token: admin)).status == 200)
                try setFileSizeLimit("unlimited", instance)
                for number in 27...40 { #expect(try create(number).status == 201) }
                #expect(try instance.total(as: admin) == 35)
                #expect(try instance.sqlite("PRAGMA integrity_check") == "ok\n")
                // The same after the log has been read anew from the disk.
                #expect(try instance.attempt(["stop"]).succeeded)
                #expect(try instance.runningSupervisor().waitForEnd() == .exited(0))
                try instance.serve()
                #expect(try instance.total(as: admin) == 35)
            }
        }

        private func setFileSizeLimit(_ limit: String, _ instance: Instance) throws {
            for worker in try instance.workers() {
                try Command.succeed("prlimit", ["--pid", "\(worker.pid)", "--fsize=\(limit):"])
            }
        }
    }
}
