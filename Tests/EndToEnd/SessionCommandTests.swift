import JSON
import Linux
import Testing

extension EndToEndTests {
    /// The commands about sessions and API keys, while a pool serves them.
    @Suite struct SessionCommandTests {
        @Test(arguments: DatabaseHome.allCases)
        func `sessions are listed and ended, one or all`(home: DatabaseHome) throws {
            try Instance.run(home.options()) { instance in
                let admin = Instance.administratorEmail
                let tokens = try (0..<3).map { _ in try instance.signIn() }
                let list = try json(instance.command(["sessions", "list", admin, "--json"]))
                let newest = try #require(list.elements.first?["id"]?.string)
                #expect(list.elements.count == 3)
                #expect(try instance.command(["sessions", "list", admin]).contains(newest))
                #expect(try instance.attempt(["sessions", "end", admin, newest]).end == .exited(64))
                try instance.command(["sessions", "end", admin, newest, "--yes"])
                #expect(try tokens.map { try status(instance, $0) } == [200, 200, 401])
                let again = try instance.attempt(["sessions", "end", admin, newest, "--yes"])
                #expect(again.end == .exited(5))
                #expect(again.errors.contains("has no session \(newest)"), "\(again.errors)")
                try instance.command(["sessions", "end", admin, "--all", "--yes"])
                #expect(try tokens.map { try status(instance, $0) } == [401, 401, 401])
                #expect(try instance.command(["sessions", "list", admin]) == "")
                #expect(try instance.command(["sessions", "list", admin, "--json"]) == "[]\n")
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `API keys are listed and ended, one or all`(home: DatabaseHome) throws {
            try Instance.run(home.options()) { instance in
                let admin = Instance.administratorEmail
                let token = try instance.signIn()
                let keys = try ["one", "two"].map { name in
                    let body = #"{"name":"\#(name)","access":"write"}"#
                    let made = try instance.send(HTTPRequest("POST", "/api/api-keys", token: token, json: body))
                    return try #require(try made.json()["data"]?["key"]?.string, "\(made.text)")
                }
                let list = try json(instance.command(["keys", "list", admin, "--json"])).elements
                #expect(list.map { $0["name"]?.string } == ["two", "one"])
                #expect(try instance.command(["keys", "list", admin]).contains("never"))
                let id = try #require(list.first?["id"]?.string)
                try instance.command(["keys", "end", admin, id, "--yes"])
                #expect(try instance.attempt(["keys", "end", admin, id, "--yes"]).end == .exited(5))
                #expect(try keys.map { try status(instance, $0) } == [200, 401])
                try instance.command(["keys", "end", admin, "--all", "--yes"])
                #expect(try status(instance, keys[0]) == 401)
                #expect(try status(instance, token) == 200)
            }
        }

        @Test func `disabling a user ends all at once, in every worker`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let id = try instance.createUser("ada@example.com", password: "first fine sentence", as: admin)
                let session = try instance.signIn("ada@example.com", "first fine sentence")
                try instance.command(["users", "disable", id, "--yes"])
                #expect(try (0..<8).allSatisfy { _ in try status(instance, session) == 401 })
                #expect(try instance.command(["sessions", "list", id, "--json"]) == "[]\n")
            }
        }

        @Test(arguments: [
            ["sessions", "end", "x@example.com"], ["sessions", "end", "x@example.com", "no-id"], ["sessions", "list"],
            ["keys", "end", "x@example.com"], ["keys", "list", "nobody"], ["users", "show", "x@"],
        ])
        func `a command line that lacks something exits with 64`(arguments: [String]) throws {
            try Instance.prepared { instance in
                let command = try instance.attempt(arguments)
                #expect(command.end == .exited(64))
            }
        }

        private func status(_ instance: Instance, _ token: String) throws -> Int {
            try instance.send(HTTPRequest("GET", "/api/me", token: token)).status
        }
    }
}
