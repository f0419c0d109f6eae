import Testing

extension EndToEndTests {
    /// A flood of what takes long by its nature, as all clients meet it.
    @Suite struct HeavyRequestTests {
        private let signIn = HTTPRequest(
            "POST",
            "/api/v1/sessions",
            json: #"{"email": "nobody@example.com", "password": "the password of nobody"}"#
        )

        @Test func `sign-ins wait for one another, some in vain, and nobody else waits for them`() throws {
            var options = Instance.Options()
            options.workers = 1
            options.threads = 1
            // Hashes that take long, so that the second is there before the first has ended.
            options.settings = [
                "GATEHOUSE_PASSWORDS_PASSES=16", "GATEHOUSE_PASSWORDS_MEMORY=64MiB",
                "GATEHOUSE_POOL_HEAVY_THREADS=1", "GATEHOUSE_POOL_HEAVY_BACKLOG=2",
                "GATEHOUSE_POOL_HEAVY_TIMEOUT=60s",
            ]
            try Instance.run(options) { instance in
                let flood = try (0..<20).map { _ in try HTTPConnection(instance.plainSocket) }
                for connection in flood { try connection.begin(signIn) }
                // The only handler thread has these behind the flood.
                for _ in 0..<20 { #expect(try instance.send(HTTPRequest("GET", "/api/v1/me")).status == 401) }
                let answers = try flood.map { try $0.answer(to: signIn) }
                #expect(answers.allSatisfy { $0.status == 401 || $0.status == 503 })
                #expect(answers.count { $0.status == 401 } >= 2)
                let refused = answers.filter { $0.status == 503 }
                #expect(!refused.isEmpty)
                for answer in refused {
                    expectError(answer, 503, "OVERLOADED")
                    #expect(answer["retry-after"] == "1")
                }
                // There is room again.
                #expect(try instance.send(signIn).status == 401)
            }
        }

        @Test func `a sign-in waits no longer than is set`() throws {
            var options = Instance.Options()
            options.workers = 1
            options.threads = 1
            options.settings = [
                "GATEHOUSE_PASSWORDS_PASSES=16", "GATEHOUSE_PASSWORDS_MEMORY=64MiB",
                "GATEHOUSE_POOL_HEAVY_THREADS=1", "GATEHOUSE_POOL_HEAVY_TIMEOUT=100ms",
            ]
            try Instance.run(options) { instance in
                let flood = try (0..<20).map { _ in try HTTPConnection(instance.plainSocket, within: 60) }
                for connection in flood { try connection.begin(signIn) }
                let answers = try flood.map { try $0.answer(to: signIn) }
                #expect(answers.contains { $0.status == 401 })
                #expect(answers.contains { $0.status == 503 })
            }
        }
    }
}
