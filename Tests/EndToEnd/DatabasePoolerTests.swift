import PostgreSQL
import PostgreSQLTestSupport
import Testing

extension EndToEndTests {
    /// The service with PgBouncer between it and its database, in both modes that docs/scaling.md names.
    @Suite struct DatabasePoolerTests {
        /// Fewer than the handler threads are, so that these share them in the mode that lets them.
        private static let shared = 6

        private func run(
            _ mode: ScratchPooler.Mode,
            _ test: (Instance, ScratchPooler, ScratchServer) throws -> Void
        ) throws {
            let server = try ScratchServer()
            let database = try server.makeDatabase()
            let pooler = try ScratchPooler(
                before: server,
                mode: mode,
                connections: mode == .session ? 60 : Self.shared
            )
            var options = Instance.Options(database: pooler.options(for: database))
            if mode == .transaction { options.settings = ["GATEHOUSE_DATABASE_POOLED=true"] }
            try Instance.run(options) { try test($0, pooler, server) }
        }

        @Test(arguments: ScratchPooler.Mode.allCases)
        func `accounts are made, changed, listed and refused through a pooler`(mode: ScratchPooler.Mode) throws {
            try run(mode) { instance, _, server in
                let admin = try instance.signIn()
                let load = try Load.creatingUsers(on: instance, as: admin)
                try load.goOn(for: 100)
                let connections = try server.administer(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'test%'"
                )
                #expect(try mode == .session || connections.int64(0, 0) <= Self.shared)
                #expect(try instance.attempt(["reload"]).succeeded)
                try load.goOn(for: 50)
                let outcome = try load.stop()
                #expect(outcome.failures == [] && outcome.refusals == [:])
                #expect(try instance.missing(of: outcome.acknowledged, as: admin) == [])
                let body = #"{"email":"\#(Instance.administratorEmail)","name":"N"}"#
                let again = HTTPRequest("POST", "/api/users", token: admin, json: body)
                expectError(try instance.curl.send(again), 409, "CONFLICT")
                try eventually("the audit has it all") {
                    try instance.command(["audit", "verify"]).contains("are as they were written")
                }
                #expect(try instance.command(["explain"]).isEmpty == false)
                #expect(try instance.command(["migrate", "up"]) == "nothing to apply\n")
            }
        }

        @Test(arguments: ScratchPooler.Mode.allCases)
        func `a pooler that is started anew is found again`(mode: ScratchPooler.Mode) throws {
            try run(mode) { instance, pooler, _ in
                let admin = try instance.signIn()
                let creation = HTTPRequest("POST", "/api/users", token: admin, json: #"{"email":"a@b.cd","name":"N"}"#)
                try pooler.stop()
                expectUnavailable(try instance.curl.send(creation))
                try pooler.start()
                try eventually("changes are made again") { try instance.send(creation).status == 201 }
                #expect(try instance.total(as: admin) == 2)
            }
        }
    }
}
