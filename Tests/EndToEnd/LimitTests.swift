import JSON
import Linux
import Testing

extension EndToEndTests {
    /// Limits as clients and operators meet them.
    @Suite struct LimitTests {
        private static let email = Instance.administratorEmail

        private func options(_ settings: String..., on home: DatabaseHome = .file) throws -> Instance.Options {
            var options = home.options()
            options.isLimited = true
            options.settings = settings
            return options
        }

        private func me(_ fields: String...) -> HTTPRequest { HTTPRequest("GET", "/api/v1/me", fields: fields) }

        /// The statuses of requests that are sent one after another, each on a connection of its own.
        private func statuses(_ requests: [HTTPRequest], to instance: Instance) throws -> [Int] {
            try requests.map { try instance.send($0).status }
        }

        @Test func `an address has exactly its limit over all workers, and a worker that dies takes nothing along`()
            throws
        {
            try Instance.run(options("GATEHOUSE_LIMITS_ADDRESS=40/10m")) { instance in
                let first = try statuses(Array(repeating: me(), count: 25), to: instance)
                #expect(first.allSatisfy { $0 == 401 })
                for worker in try instance.workers() { ChildProcess.send(.kill, to: worker.pid) }
                try eventually("all workers are replaced") {
                    let workers = try instance.workers()
                    return workers.count == 2 && workers.allSatisfy { $0.phase == "ready" }
                }
                let second = try statuses(Array(repeating: me(), count: 25), to: instance)
                #expect(second.count { $0 == 401 } == 15)
                #expect(second.suffix(10).allSatisfy { $0 == 429 })
                let refused = try instance.send(me())
                expectError(refused, 429, "RATE_LIMITED")
                let wait = try #require(refused["retry-after"].flatMap { Int($0) })
                #expect((540...640).contains(wait))
                #expect(refused["ratelimit-policy"] == #""address";q=40;w=600"#)
                #expect(refused["ratelimit"] == #""address";r=0;t=\#(wait)"#)
                #expect(refused["cache-control"] == "no-store")
                // A reload keeps what was counted.
                try instance.command(["reload"])
                #expect(try instance.send(me()).status == 429)
            }
        }

        @Test func `what a client writes into X-Forwarded-For changes nothing`() throws {
            try Instance.run(options("GATEHOUSE_LIMITS_ADDRESS=20/10m")) { instance in
                let forged = (0..<30).map { me("X-Forwarded-For: 203.0.113.\($0)", "X-Real-IP: 203.0.113.\($0)") }
                let answers = try statuses(forged, to: instance)
                #expect(answers.count { $0 == 401 } == 20)
            }
        }

        @Test func `behind a named proxy the last address counts, and nothing that stands before it`() throws {
            try Instance.prepared(options("GATEHOUSE_LIMITS_ADDRESS=5/10m")) { instance in
                try Files.makeDirectory("\(instance.directory)/nginx", permissions: 0o755)
                try Files.replace(
                    "\(instance.directory)/nginx/proxies.conf",
                    with: Array("set_real_ip_from unix:;\n".utf8),
                    permissions: 0o644
                )
                try instance.serve()
                try instance.startNginx()
                let ofOne = (0..<10).map { me("X-Forwarded-For: 203.0.113.\($0), 198.51.100.1") }
                #expect(try statuses(ofOne, to: instance).count { $0 == 401 } == 5)
                let ofAnother = (0..<10).map { me("X-Forwarded-For: 198.51.100.1, 2001:db8:0:1::\($0)") }
                #expect(try statuses(ofAnother, to: instance).count { $0 == 401 } == 5)
                let list = try instance.command(["limits", "list", "--refused"])
                #expect(list.contains("198.51.100.1 "))
                #expect(list.contains("2001:db8:0:1::/64"))
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `tries to sign in are limited alike for known and unknown accounts, and an operator can clear them`(
            home: DatabaseHome
        )
            throws
        {
            try Instance.run(options("GATEHOUSE_LIMITS_SIGN_IN=3/10m", on: home)) { instance in
                func attempt(_ email: String, _ password: String = "no password of anybody") throws -> HTTPResponse {
                    let json = Instance.credentials(email, password)
                    return try instance.send(HTTPRequest("POST", "/api/v1/sessions", json: json))
                }
                for email in [Self.email, "nobody@example.com"] {
                    for _ in 0..<3 { #expect(try attempt(email).status == 401) }
                    let refused = try attempt(email)
                    expectError(refused, 429, "RATE_LIMITED")
                    #expect(refused["ratelimit"]?.hasPrefix(#""sign_in";r=0;t="#) == true)
                }
                let known = try attempt(Self.email, Instance.administratorPassword)
                #expect(known.status == 429)
                let document = try instance.command(["limits", "list", "--account", Self.email.uppercased(), "--json"])
                guard case .array(let entries) = try JSONReader.read(Array(document.utf8)) else {
                    throw Failure("no list: \(document)")
                }
                #expect(
                    Set(entries.compactMap { $0["limit"]?.string }) == ["sign_in", "sign_in_long", "sign_in_account"]
                )
                #expect(
                    try instance.command(["limits", "clear", "--account", Self.email]) == "3 entries are forgotten\n"
                )
                #expect(try attempt(Self.email, Instance.administratorPassword).status == 201)
                #expect(try attempt("nobody@example.com").status == 429)
                #expect(try instance.attempt(["limits", "clear"]).end == .exited(64))
                #expect(try instance.attempt(["limits", "list", "--address", "here"]).end == .exited(64))
                try instance.command(["limits", "clear", "--all"])
                #expect(try instance.command(["limits", "list"]).isEmpty)
            }
        }

        @Test func `where limits are off, status says so and nothing is counted`() throws {
            try Instance.run { instance in
                #expect(try instance.command(["status"]).contains("notice: requests are not limited"))
                #expect(try instance.send(me())["ratelimit"] == nil)
                let log = String(decoding: try Files.read(instance.eventLog), as: UTF8.self)
                #expect(log.contains("requests are not limited"))
            }
            try Instance.run(options()) { instance in
                let status = try instance.command(["status"])
                #expect(!status.contains("notice"))
                let response = try instance.send(me())
                #expect(response["ratelimit"]?.hasPrefix(#""address";r=8999;t="#) == true)
            }
        }

        @Test(arguments: ["9000", "0/1m", "65536/1m", "5/1ms", "5/31d", "many/1m"])
        func `a limit that is none is refused with its key`(value: String) throws {
            try Instance.prepared(options("GATEHOUSE_LIMITS_USER=100/1m")) { instance in
                let check = try instance.attempt(["config", "check"], settings: ["GATEHOUSE_LIMITS_ADDRESS=\(value)"])
                #expect(check.end == .exited(78))
                #expect(
                    check.errors.contains("GATEHOUSE_LIMITS_ADDRESS must be a count from 1 to 65535"),
                    "\(check.errors)"
                )
            }
        }
    }
}
