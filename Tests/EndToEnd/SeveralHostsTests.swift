import JSON
import Linux
import PostgreSQL
import Testing

import class PostgreSQLTestSupport.ScratchPooler
import class PostgreSQLTestSupport.ScratchServer

extension EndToEndTests {
    /// Two hosts, each with a directory, a pool and a web server of its own, on one database.
    @Suite struct SeveralHostsTests {
        private let database: ConnectionOptions

        init() throws {
            database = try DatabaseHome.makeDatabase()
        }

        private func options() -> Instance.Options {
            var options = Instance.Options(workers: 1, threads: 4, database: database)
            options.settings = ["GATEHOUSE_WEBHOOKS_PRIVATE_NETWORKS=127.0.0.0/8"]
            return options
        }

        private func onTwoHosts(_ test: (Instance, Instance) throws -> Void) throws {
            try onTwoHosts(options(), options(), test)
        }

        private func onTwoHosts(
            _ first: Instance.Options,
            _ second: Instance.Options,
            _ test: (Instance, Instance) throws -> Void
        ) throws {
            try Instance.run(first) { first in
                var options = second
                options.neighbour = first.directory
                try Instance.run(options) { second in try test(first, second) }
            }
        }

        private func rename(_ id: String, _ name: String, on host: Instance, as token: String) throws {
            let json = #"{"name":"\#(name)"}"#
            let answer = try host.send(HTTPRequest("PATCH", "/api/v1/users/\(id)", token: token, json: json))
            #expect(answer.status == 200, "\(answer.text)")
        }

        private func name(of id: String, on host: Instance, as token: String) throws -> String? {
            try host.send(HTTPRequest("GET", "/api/v1/users/\(id)", token: token)).json()["data"]?["name"]?.string
        }

        private func status(_ path: String, on host: Instance, as token: String) throws -> Int {
            try host.send(HTTPRequest("GET", path, token: token)).status
        }

        /// How long it takes until something is so, in milliseconds.
        private func time(until what: String, _ condition: () throws -> Bool) throws -> Int64 {
            try timed { try eventually(what, within: 120, condition) }
        }

        @Test func `what is changed on one host is so on the other in time`() throws {
            try onTwoHosts { first, second in
                // Signed in on one, known on both.
                let admin = try first.signIn()
                let id = try first.createUser("a@example.com", password: "kettle gravel and two owls", as: admin)
                var longest: Int64 = 0
                for number in 0..<8 {
                    let (here, there) = number % 2 == 0 ? (first, second) : (second, first)
                    // So that it is remembered there.
                    for _ in 0..<3 { #expect(try name(of: id, on: there, as: admin) != nil) }
                    try rename(id, "Number \(number)", on: here, as: admin)
                    #expect(try name(of: id, on: here, as: admin) == "Number \(number)")
                    longest = max(
                        longest,
                        try time(until: "the other host has it") {
                            try name(of: id, on: there, as: admin) == "Number \(number)"
                        }
                    )
                }
                print("several hosts: a change is seen on the other one after \(longest) ms at the most, of 8")

                let user = try second.signIn("a@example.com", "kettle gravel and two owls")
                let users = "/api/v1/users"
                #expect(try status("/api/v1/me", on: first, as: user) == 200)
                #expect(try status(users, on: first, as: user) == 403)
                func change(_ json: String) throws {
                    let change = HTTPRequest("PATCH", "/api/v1/users/\(id)", token: admin, json: json)
                    #expect(try second.send(change).status == 200)
                }
                try change(#"{"role":"admin"}"#)
                _ = try time(until: "the role counts there") { try status(users, on: first, as: user) == 200 }
                try change(#"{"role":"member"}"#)
                let role = try time(until: "it does no more") { try status(users, on: first, as: user) == 403 }
                #expect(
                    try second.send(HTTPRequest("DELETE", "/api/v1/sessions/current", token: user)).status == 204
                )
                let session = try time(until: "the session has ended there") {
                    try status("/api/v1/me", on: first, as: user) == 401
                }
                print("several hosts: a role ends on the other one after \(role) ms, a session after \(session) ms")
            }
        }

        @Test func `through a pooler, where nobody can call, it is so in time as well`() throws {
            let server = try ScratchServer()
            let database = try server.makeDatabase()
            let pooler = try ScratchPooler(before: server, mode: .transaction, connections: 20)
            let direct = Instance.Options(workers: 1, threads: 4, database: database)
            var pooled = Instance.Options(workers: 1, threads: 4, database: pooler.options(for: database))
            pooled.settings = ["GATEHOUSE_DATABASE_POOLED=true"]
            try onTwoHosts(direct, pooled) { first, second in
                let admin = try first.signIn()
                let id = try first.createUser("a@example.com", as: admin)
                var longest: Int64 = 0
                for number in 0..<4 {
                    for _ in 0..<3 { #expect(try name(of: id, on: second, as: admin) != nil) }
                    try rename(id, "Number \(number)", on: first, as: admin)
                    longest = max(
                        longest,
                        try time(until: "the other host has it") {
                            try name(of: id, on: second, as: admin) == "Number \(number)"
                        }
                    )
                }
                print("several hosts: through a pooler a change is seen after \(longest) ms at the most, of 4")
                try rename(id, "Back", on: second, as: admin)
                _ = try time(until: "the first host has it") { try name(of: id, on: first, as: admin) == "Back" }
            }
        }

        @Test func `where nobody looks what others change, nothing older than the bound is given`() throws {
            try onTwoHosts { first, second in
                let admin = try first.signIn()
                let id = try first.createUser("a@example.com", as: admin)
                let watcher = try second.maintenanceProcess()
                try rename(id, "Before", on: first, as: admin)
                // By then it looks, so that what is read is remembered.
                try eventually("the other host has it", within: 120) {
                    try name(of: id, on: second, as: admin) == "Before"
                }
                for _ in 0..<3 { _ = try name(of: id, on: second, as: admin) }
                func signal(_ name: String) throws { try Command.succeed("sh", ["-c", "kill -\(name) \(watcher)"]) }
                try signal("STOP")
                // It may have been ended by force by then, as one that says nothing.
                defer { try? signal("CONT") }
                try rename(id, "Halted", on: first, as: admin)
                let bound = try time(until: "the other host gives nothing old") {
                    try name(of: id, on: second, as: admin) == "Halted"
                }
                print("several hosts: a change is seen after \(bound) ms where the one who looks is halted")
                try? signal("CONT")
                for number in 0..<3 {
                    try rename(id, "Number \(number)", on: first, as: admin)
                    try eventually("it goes on as before", within: 120) {
                        try name(of: id, on: second, as: admin) == "Number \(number)"
                    }
                }
            }
        }

        @Test func `an event is told once, by whichever host, also when one of them is killed`() throws {
            try onTwoHosts { first, second in
                let receiver = try Receiver()
                let admin = try first.signIn()
                try first.createWebhook(at: receiver, as: admin)
                let id = try first.createUser("told@example.com", as: admin)
                var count = 1
                func change(on hosts: Instance...) throws {
                    for number in 0..<10 {
                        for host in hosts {
                            try rename(id, "Number \(number) \(count)", on: host, as: admin)
                            count += 1
                        }
                    }
                }
                func waitUntilAllAreTold() throws -> Int64 {
                    try time(until: "all are told, and that is settled") {
                        try Set(receiver.told(of: id)).count == count
                            && first.number(
                                "SELECT count(*) FROM consumers WHERE sequence < (SELECT max(sequence) FROM events)"
                            ) == 0
                    }
                }
                try change(on: first, second)
                _ = try waitUntilAllAreTold()
                #expect(try receiver.told(of: id).count == count)

                // The one that was there first tells them. Nobody there may notice that another has been killed.
                let supervisor = try first.runningSupervisor()
                try Command.succeed("sh", ["-c", "kill -STOP \(supervisor.pid)"])
                for process in ProcessTable.children(of: supervisor.pid) + [supervisor.pid] {
                    ChildProcess.send(.kill, to: process)
                }
                try change(on: second)
                let takeover = try waitUntilAllAreTold()
                print("several hosts: events are told again \(takeover) ms after the host was killed that did")
                #expect(try receiver.told(of: id).count == count)

                _ = try supervisor.waitForEnd()
                try first.serve()
                try change(on: first, second)
                _ = try waitUntilAllAreTold()
                let told = try receiver.told(of: id)
                #expect(told.count == count)
                #expect(told == told.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) })
                #expect(try first.command(["audit", "verify"]).contains("are as they were written"))
            }
        }
    }
}
