import JSON
import Linux
import PostgreSQL
import Testing

import class PostgreSQLTestSupport.ScratchServer

extension EndToEndTests {
    /// Clients that make accounts while the server of the database is lost to the service, in each of the ways that it may be.
    ///
    /// Once; with `CHAOS_SECONDS` for so long, and then each time has to be over in the two seconds that are promised.
    @Suite struct DatabaseServerLossTests {
        private enum Loss: String, CaseIterable {
            case stopped, crashed, frozen
            case terminated = "connections ended"
        }

        /// What clients are told of a change: that it was not made, or that nobody knows.
        private static let refusals: Set = [503, 500]

        private let server: ScratchServer
        private let database: ConnectionOptions

        init() throws {
            server = try ScratchServer()
            database = try server.makeDatabase()
        }

        private func creation(_ email: String, as token: String) -> HTTPRequest {
            HTTPRequest("POST", "/api/users", token: token, json: #"{"email":"\#(email)","name":"N"}"#)
        }

        /// Has the server lost, and found again; when that was.
        private func undergo(_ loss: Loss, _ refuse: () throws -> Void) throws -> Int64 {
            switch loss {
            case .stopped, .crashed:
                if loss == .stopped { try server.stop() } else { try server.crash() }
                try refuse()
                try server.start()
            case .frozen:
                try server.freeze(true)
                try refuse()
                try server.freeze(false)
            case .terminated:
                try ScratchServer.run(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = '\(database.database)' AND pid <> pg_backend_pid()
                    """,
                    database
                )
            }
            return SystemClock.monotonicNanoseconds()
        }

        @Test func `however it is lost, all goes on by itself, and nothing that was acknowledged is lost`() throws {
            let seconds = ThisProcess.environmentVariables()["CHAOS_SECONDS"].flatMap { Int64($0) }
            let end = SystemClock.monotonicNanoseconds() + (seconds ?? 0) * 1_000_000_000
            try Instance.run(Instance.Options(database: database)) { instance in
                let admin = try instance.signIn()
                let load = try Load.creatingUsers(on: instance, as: admin, connections: 4)
                var longest: [Loss: Int64] = [:]
                var rounds = 0
                repeat {
                    rounds += 1
                    for loss in Loss.allCases {
                        try load.goOn(for: 10)
                        let found = try undergo(loss) {
                            let email = "\(loss)\(rounds)@example.com"
                            expectUnavailable(try instance.curl.send(creation(email, as: admin)))
                        }
                        try load.goOn(for: 1)
                        // Nobody rests for longer than a second before the next try to connect.
                        try eventually("nobody is refused any more") {
                            SystemClock.monotonicNanoseconds() - max(load.lastRefusal, found) > 1_500_000_000
                        }
                        longest[loss] = max(longest[loss] ?? 0, (load.lastRefusal - found) / 1_000_000)
                    }
                } while SystemClock.monotonicNanoseconds() < end
                let outcome = try load.stop()

                #expect(outcome.failures == [])
                #expect(Self.refusals.isSuperset(of: outcome.refusals.keys), "\(outcome.refusals)")
                #expect(try instance.missing(of: outcome.acknowledged, as: admin) == [])
                // What was answered with 503 was not made. The administrator is there too.
                let made = try instance.total(as: admin) - 1
                let unknown = outcome.refusals[500] ?? 0
                let acknowledged = outcome.acknowledged.count
                #expect((acknowledged...acknowledged + unknown).contains(made))
                try eventually("the health is good") {
                    try instance.send(HTTPRequest("GET", "/health")).status == 200
                }
                for (loss, milliseconds) in longest.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                    print(
                        "server \(loss.rawValue) \(rounds) times: the last refusal \(milliseconds) ms after its return"
                    )
                    if seconds != nil { #expect(milliseconds < 2000) }
                }
                print("server lost: \(acknowledged) accounts made, 0 lost, \(unknown) of which nobody knew")
            }
        }

        @Test func `where its disk is full changes are refused, and reads go on`() throws {
            try Instance.run(Instance.Options(database: database)) { instance in
                let admin = try instance.signIn()
                let id = try instance.createUser("a@example.com", as: admin)
                // What the server tells where no space is left.
                for statement in [
                    """
                    CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END
                        $$
                    """,
                    "CREATE TRIGGER fill BEFORE INSERT ON users EXECUTE FUNCTION fill()",
                ] {
                    try ScratchServer.run(statement, database)
                }
                expectUnavailable(try instance.curl.send(creation("b@example.com", as: admin)))
                #expect(try instance.send(HTTPRequest("GET", "/api/users/\(id)", token: admin)).status == 200)
                #expect(try instance.total(as: admin) == 2)
                try ScratchServer.run("DROP TRIGGER fill ON users", database)
                expectFields(try instance.curl.send(creation("b@example.com", as: admin)), status: 201)
            }
        }
    }
}
