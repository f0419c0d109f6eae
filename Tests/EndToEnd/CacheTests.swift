import JSON
import Linux
import Testing

extension EndToEndTests {
    /// What the workers remember, and what one of them does to what the others remember.
    @Suite struct CacheTests {
        /// More workers than anybody has, so that most requests meet another one than the one before.
        private func options(_ home: DatabaseHome) throws -> Instance.Options {
            var options = home.options()
            options.workers = 4
            options.threads = 2
            return options
        }

        private func statuses(_ instance: Instance, _ path: String, _ token: String, times: Int = 40) throws -> Set<Int>
        {
            Set(try (0..<times).map { _ in try instance.send(HTTPRequest("GET", path, token: token)).status })
        }

        @Test(arguments: DatabaseHome.allCases)
        func `a session that was ended is refused by all workers at once`(home: DatabaseHome) throws {
            try Instance.run(options(home)) { instance in
                for _ in 0..<5 {
                    let token = try instance.signIn()
                    #expect(try statuses(instance, "/api/v1/me", token) == [200])
                    #expect(
                        try instance.send(HTTPRequest("DELETE", "/api/v1/sessions/current", token: token)).status == 204
                    )
                    #expect(try statuses(instance, "/api/v1/me", token) == [401])
                }
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `a user who was disabled or changed is so for all workers at once`(home: DatabaseHome) throws {
            try Instance.run(options(home)) { instance in
                let admin = try instance.signIn()
                let password = "kettle gravel and two owls"
                let id = try instance.createUser("ada@example.com", password: password, as: admin)
                let ada = try instance.signIn("ada@example.com", password)
                let path = "/api/v1/users/\(id)"
                for number in 0..<10 {
                    let change = HTTPRequest("PATCH", path, token: admin, json: #"{"name":"Ada \#(number)"}"#)
                    #expect(try instance.send(change).status == 200)
                    for _ in 0..<12 {
                        let read = try instance.send(HTTPRequest("GET", path, token: ada))
                        #expect(try read.json()["data"]?["name"]?.string == "Ada \(number)")
                    }
                }
                let disable = HTTPRequest("PATCH", path, token: admin, json: #"{"status":"disabled"}"#)
                #expect(try instance.send(disable).status == 200)
                #expect(try statuses(instance, "/api/v1/me", ada) == [401])
            }
        }

        @Test(arguments: DatabaseHome.allCases)
        func `nobody reads what is older than the last answered change while workers are killed`(
            home: DatabaseHome
        ) throws {
            try Instance.run(options(home)) { instance in
                let admin = try instance.signIn()
                let id = try instance.createUser("ada@example.com", as: admin)
                let path = "/api/v1/users/\(id)"
                var answered = -1
                for number in 0..<60 {
                    if number % 10 == 9, let victim = try instance.workers().first(where: { $0.phase == "ready" }) {
                        ChildProcess.send(.kill, to: victim.pid)
                    }
                    let change = HTTPRequest("PATCH", path, token: admin, json: #"{"name":"Number \#(number)"}"#)
                    if try instance.send(change).status == 200 { answered = number }
                    for _ in 0..<8 {
                        let read = try instance.send(HTTPRequest("GET", path, token: admin))
                        // A request that died with its worker.
                        guard read.status == 200 else { continue }
                        let name = try #require(try read.json()["data"]?["name"]?.string)
                        let seen = try #require(name == "Somebody" ? -1 : Int(name.dropFirst("Number ".count)))
                        #expect(seen >= answered)
                    }
                }
                #expect(answered > 40)
            }
        }

        @Test func `the death of a worker makes all others load anew`() throws {
            try Instance.run(options(.file)) { instance in
                let token = try instance.signIn()
                func stale() throws -> Int64 {
                    let document = try JSONReader.read(Array(try instance.command(["cache", "stats", "--json"]).utf8))
                    guard case .array(let kinds)? = document["kinds"] else { return 0 }
                    return kinds.first { $0["kind"]?.string == "sessions" }?["stale"]?.integer ?? 0
                }
                // Requests one after the other may all come to one worker, and only that one remembers the session: where
                // it is the one that dies, nobody has anything to refuse. Its successor in this is another one.
                var isRefused = false
                for victim in try instance.workers() where !isRefused {
                    #expect(try statuses(instance, "/api/v1/me", token, times: 20) == [200])
                    let before = try stale()
                    ChildProcess.send(.kill, to: victim.pid)
                    isRefused =
                        (try? eventually("another one has looked at what it holds", within: 3) {
                            _ = try instance.send(HTTPRequest("GET", "/api/v1/me", token: token))
                            return try stale() > before
                        }) != nil
                }
                #expect(isRefused)
            }
        }

        @Test func `the command shows what the workers remember, and makes them forget it`() throws {
            try Instance.run(options(.file)) { instance in
                let token = try instance.signIn()
                #expect(try statuses(instance, "/api/v1/me", token, times: 100) == [200])
                func sessions() throws -> JSONValue? {
                    let document = try JSONReader.read(Array(try instance.command(["cache", "stats", "--json"]).utf8))
                    guard case .array(let kinds)? = document["kinds"] else { return nil }
                    return kinds.first { $0["kind"]?.string == "sessions" }
                }
                try eventually("all workers have told") {
                    let hits = try sessions()?["hits"]?.integer ?? 0
                    let misses = try sessions()?["misses"]?.integer ?? 0
                    return hits >= 90 && hits + misses >= 100
                }
                let stale = try sessions()?["stale"]?.integer ?? 0
                try instance.command(["cache", "flush"])
                try eventually("what was there has been refused") {
                    _ = try instance.send(HTTPRequest("GET", "/api/v1/me", token: token))
                    return (try sessions()?["stale"]?.integer ?? 0) > stale
                }
                #expect(try instance.command(["cache", "stats"]).contains("responses"))
            }
        }
    }
}
