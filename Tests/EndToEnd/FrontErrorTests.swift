import JSON
import Linux
import Testing

extension EndToEndTests {
    /// What nginx answers itself, in the shape of the application's errors.
    @Suite struct FrontErrorTests {
        private static let long = String(repeating: "a", count: 9000)

        @Test func `nginx tells its own errors as the application does`() throws {
            var options = Instance.Options()
            options.nginx = ["--limits", "off", "--read-timeout", "1s"]
            try Instance.prepared(options) { instance in
                try instance.startNginx()
                let curl = instance.curl
                let http1 = ["--http1.1"]

                expectError(try curl.send(HTTPRequest("GET", "/api/v1/me")), 502, "BAD_GATEWAY")
                expectError(try curl.send(HTTPRequest("GET", "/api/\(Self.long)"), options: http1), 414, "URI_TOO_LONG")
                let longField = HTTPRequest("GET", "/api/v1/me", fields: ["X-Long: \(Self.long)"])
                expectError(try curl.send(longField, options: http1), 431, "HEADERS_TOO_LARGE")
                let badHost = "GET /api/v1/me HTTP/1.1\r\nHost: a b\r\n\r\n"
                let bad = try HTTPConnection(instance.plainSocket).send(raw: Array(badHost.utf8))
                expectError(bad, 400, "MALFORMED_REQUEST")

                let large = [UInt8](repeating: 0x20, count: 65_537)
                var post = HTTPRequest("POST", "/api/v1/users", body: large)
                expectError(try curl.send(post, options: http1), 413, "PAYLOAD_TOO_LARGE")
                expectError(try curl.send(post), 413, "PAYLOAD_TOO_LARGE")
                let document = try curl.send(HTTPRequest("POST", "/graphql", body: large))
                expectFields(document, status: 413)
                let told = try document.json()["errors"]?.elements.first
                #expect(told?["extensions"]?["code"] == "PAYLOAD_TOO_LARGE")
                #expect(told?["message"] == "The body is too large.")
                post.fields.append("Transfer-Encoding: chunked")
                expectError(try curl.send(post, options: http1), 413, "PAYLOAD_TOO_LARGE")

                let notAllowed = try curl.send(HTTPRequest("POST", "/", body: []))
                expectError(notAllowed, 405, "METHOD_NOT_ALLOWED")
                #expect(notAllowed["allow"] == "GET, HEAD")

                // It listens and never takes a connection.
                let silent = try Sockets.listen(path: instance.applicationSocket, permissions: 0o600, backlog: 16)
                expectError(try curl.send(HTTPRequest("GET", "/api/v1/me")), 504, "TIMEOUT")
                withExtendedLifetime(silent.number) {}

                try expectMaintenance(instance)
            }
        }

        @Test func `where the queue of the application is full, that is told at once`() throws {
            try Instance.prepared { instance in
                try instance.startNginx()
                let path = instance.applicationSocket
                let listener = try Sockets.listen(path: path, permissions: 0o600, backlog: 0)
                let waiting = try Sockets.connect(path: path)
                expectError(try instance.curl.send(HTTPRequest("GET", "/api/v1/me")), 502, "BAD_GATEWAY")
                withExtendedLifetime((listener.number, waiting.number)) {}
            }
        }

        @Test func `where nobody answers, the application is not ready, and that is told as it tells it`() throws {
            try Instance.prepared { instance in
                try instance.startNginx()
                func expectNotReady() throws {
                    let response = try instance.curl.send(HTTPRequest("GET", "/health/ready"))
                    expectFields(response, status: 503)
                    #expect(response.text == #"{"status":"not_ready","reason":"unreachable"}"#)
                    #expect(response["content-type"] == "application/json; charset=utf-8")
                    #expect(response["retry-after"] == "1")
                    #expect(response["cache-control"] == "no-store")
                }
                try expectNotReady()
                // It listens, as a supervisor does that starts its first workers, and nobody accepts.
                let path = "\(instance.directory)/run/status.sock"
                let silent = try Sockets.listen(path: path, permissions: 0o600, backlog: 16)
                try expectNotReady()
                withExtendedLifetime(silent.number) {}
            }
        }

        @Test func `a flood is answered with 429`() throws {
            var options = Instance.Options()
            options.nginx = []
            try Instance.prepared(options) { instance in
                try instance.startNginx()
                let client = HTTPClient(instance.plainSocket)
                let responses = try (1...1000).map { try client.send(HTTPRequest("GET", "/?\($0)")) }
                let refused = try #require(responses.first { $0.status != 200 })
                expectError(refused, 429, "RATE_LIMITED")
                #expect(refused["retry-after"] == "1")
                #expect(refused["ratelimit"]?.isEmpty == false)
                #expect(refused["ratelimit-policy"]?.isEmpty == false)
                // A burst passes first.
                #expect(responses.prefix(400).allSatisfy { $0.status == 200 })
            }
        }

        private func expectMaintenance(_ instance: Instance) throws {
            let file = "\(instance.directory)/nginx/maintenance.conf"
            let original = try Files.read(file)
            let text = String(decoding: original, as: UTF8.self)
            let closed = text.split(separator: "\n").map { $0 == "# return 503;" ? "return 503;" : $0 }
            #expect(closed.contains("return 503;"))
            try Files.replace(file, with: Array((closed.joined(separator: "\n") + "\n").utf8), permissions: 0o644)
            instance.nginx?.send(.hangUp)
            // For a moment nginx's workers of before answer beside the new ones, so the first that is right is looked at.
            var response = try instance.curl.send(HTTPRequest("GET", "/api/v1/me"))
            try eventually("nginx has closed the API") {
                response = try instance.curl.send(HTTPRequest("GET", "/api/v1/me"))
                return response.status == 503
            }
            expectError(response, 503, "UNAVAILABLE")
            #expect(response["retry-after"] == "30")
            #expect(try instance.curl.send(HTTPRequest("GET", "/")).status == 200)
        }
    }
}
