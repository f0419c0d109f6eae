import JSON
import Linux
import PostgreSQL
import Testing

import class PostgreSQLTestSupport.ScratchServer

extension EndToEndTests {
    /// The service with its database on a PostgreSQL server, which three lines of configuration name.
    @Suite struct DatabaseServerTests {
        private let server: ScratchServer
        private let options: Instance.Options

        init() throws {
            server = try ScratchServer()
            options = Instance.Options(database: try server.makeDatabase())
        }

        private func rename(_ id: String, to name: String, as token: String) -> HTTPRequest {
            HTTPRequest("PATCH", "/api/users/\(id)", token: token, json: #"{"name":"\#(name)"}"#)
        }

        private func name(of id: String, as token: String, _ instance: Instance) throws -> String? {
            let response = try instance.send(HTTPRequest("GET", "/api/users/\(id)", token: token))
            return try response.json()["data"]?["name"]?.string
        }

        @Test func `accounts are signed in to, made, changed, listed and ended there`() throws {
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let ids = try (1...3).map { try instance.createUser("user\($0)@example.com", as: admin) }
                expectFields(try instance.curl.send(rename(ids[0], to: "Renamed", as: admin)), status: 200)
                #expect(try name(of: ids[0], as: admin, instance) == "Renamed")
                expectError(
                    try instance.curl.send(
                        HTTPRequest(
                            "POST",
                            "/api/users",
                            token: admin,
                            json: #"{"email":"user2@example.com","name":"N"}"#
                        )
                    ),
                    409,
                    "CONFLICT"
                )
                let deletion = HTTPRequest("DELETE", "/api/users/\(ids[2])", token: admin)
                #expect(try instance.send(deletion).status == 204)
                #expect(try instance.total(as: admin) == 3)
                let page = try instance.send(HTTPRequest("GET", "/api/users?sort=email&per_page=2", token: admin))
                let emails = try page.json()["data"]?.elements.map { $0["email"]?.string }
                #expect(emails == [Instance.administratorEmail, "user1@example.com"])
                let query = #"{"query":"{ users(first: 2) { nodes { email sessions { id } } } }"}"#
                let graph = try instance.send(HTTPRequest("POST", "/graphql", token: admin, json: query))
                #expect(graph.status == 200 && !graph.text.contains("errors"), "\(graph.text)")

                // What happened is told in the order in which it did, by the maintenance process.
                try eventually("the audit has it all") {
                    let audit = try instance.command(["audit", "export"])
                    return ["user.created.v1", "user.changed.v1", "user.deleted.v1"].allSatisfy(audit.contains)
                }
                #expect(try instance.command(["audit", "verify"]).contains("are as they were written"))

                #expect(try instance.attempt(["reload"]).succeeded)
                #expect(try name(of: ids[0], as: admin, instance) == "Renamed")
                #expect(!Files.exists("\(instance.directory)/gatehouse.db"))
            }
        }

        @Test func `commands work on it, or name what does on a server`() throws {
            try Instance.prepared(options) { instance in
                #expect(try instance.command(["users", "list"]).contains(Instance.administratorEmail))
                #expect(try instance.command(["migrate", "status"]).contains("create users"))
                #expect(try instance.command(["migrate", "up"]) == "nothing to apply\n")
                #expect(try instance.command(["demo", "--users", "30"]) == "made 30 accounts\n")
                let doctor = try instance.attempt(["doctor"])
                #expect(doctor.text.contains("PostgreSQL 15"), "\(doctor.text)")
                let backup = try instance.attempt(["backup", "\(instance.directory)/copy"])
                #expect(backup.end == .exited(1) && backup.errors.contains("pg_dump"), "\(backup.errors)")
            }
        }

        @Test func `that nothing is backed up there is told where somebody wants it`() throws {
            var options = options
            options.settings = ["GATEHOUSE_MAINTENANCE_BACKUP_INTERVAL=1d"]
            try Instance.run(options) { instance in
                try eventually("it is told") {
                    String(decoding: try Files.read(instance.eventLog), as: UTF8.self).contains("no backups are made")
                }
            }
        }

        @Test func `a server that stops is answered with 503, and all goes on when it is back`() throws {
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let id = try instance.createUser("a@example.com", as: admin)
                for _ in 1...2 {
                    try server.stop()
                    expectUnavailable(try instance.curl.send(rename(id, to: "Lost", as: admin)))
                    expectUnavailable(
                        try instance.curl.send(
                            HTTPRequest(
                                "POST",
                                "/api/sessions",
                                json: Instance.credentials(Instance.administratorEmail, Instance.administratorPassword)
                            )
                        )
                    )
                    try eventually("the health tells of it") {
                        try instance.send(HTTPRequest("GET", "/health")).status == 503
                    }
                    for command in [["users", "list"], ["migrate", "status"], ["explain"]] {
                        let refused = try instance.attempt(command)
                        #expect(refused.end == .exited(75), "\(command): \(refused.errors)")
                    }
                    // The generation that serves stays where the next one cannot reach its database.
                    #expect(try !instance.attempt(["reload"]).succeeded)
                    try server.start()
                    try eventually("changes are made again") {
                        try instance.send(rename(id, to: "Kept", as: admin)).status == 200
                    }
                    #expect(try name(of: id, as: admin, instance) == "Kept")
                    #expect(try instance.total(as: admin) == 2)
                }
                try eventually("the health is good again") {
                    try instance.send(HTTPRequest("GET", "/health")).status == 200
                }
            }
        }

        @Test func `a server that hangs holds nobody for longer than its time`() throws {
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let id = try instance.createUser("a@example.com", as: admin)
                try server.freeze(true)
                expectUnavailable(try instance.curl.send(rename(id, to: "Lost", as: admin)))
                // The next one is told at once.
                expectUnavailable(try instance.curl.send(rename(id, to: "Lost", as: admin)))
                try server.freeze(false)
                try eventually("changes are made again") {
                    try instance.send(rename(id, to: "Kept", as: admin)).status == 200
                }
            }
        }
    }
}
