import JSON
import Testing

extension EndToEndTests {
    /// `/graphql` as it is reached from outside.
    @Suite struct GraphQLTests {
        private func ask(
            _ query: String,
            token: String? = nil,
            fields: [String] = ["Accept: application/graphql-response+json"]
        ) -> HTTPRequest {
            var writer = JSONWriter()
            writer.object { $0.member("query", query) }
            let json = String(decoding: writer.bytes, as: UTF8.self)
            return HTTPRequest("POST", "/graphql", token: token, json: json, fields: fields)
        }

        @Test(arguments: DatabaseHome.allCases)
        func `operations are answered through nginx, and a browser gets the page that sends them`(
            home: DatabaseHome
        ) throws {
            try Instance.run(home.options()) { instance in
                let curl = instance.curl
                let admin = try instance.signIn()
                let me = try curl.send(ask("{ me { email role sessions { current } } }", token: admin))
                #expect(me.status == 200, "\(me.text)")
                #expect(me["content-type"] == "application/graphql-response+json; charset=utf-8")
                let shown = try #require(try me.json()["data"]?["me"])
                #expect(shown["role"]?.string == "ADMIN")
                #expect(shown["sessions"]?.elements.first?["current"] == true)

                let made = try curl.send(
                    ask(
                        "mutation { createUser(input: { email: \"ada@example.com\", name: \"Ada\" }) { user { id } } }",
                        token: admin
                    )
                )
                let id = try #require(try made.json()["data"]?["createUser"]?["user"]?["id"]?.string)
                let rest = try curl.send(HTTPRequest("GET", "/api/v1/users/\(id)", token: admin))
                #expect(try rest.json()["data"]?["name"]?.string == "Ada")
                // What the one interface has changed, the other shows at once.
                _ = try curl.send(
                    HTTPRequest("PATCH", "/api/v1/users/\(id)", token: admin, json: #"{"name":"Ada King"}"#)
                )
                let found = try curl.send(
                    HTTPRequest(
                        "GET",
                        "/graphql?query=%7Buser(id:%22\(id)%22)%7Bname%7D%7D",
                        token: admin,
                        fields: ["Accept: application/json"]
                    )
                )
                #expect(try found.json()["data"]?["user"]?["name"]?.string == "Ada King")

                for target in ["/graphql", "/graphql?query=%7B__typename%7D"] {
                    let page = try curl.send(
                        HTTPRequest("GET", target, fields: ["Accept: text/html,application/xhtml+xml,*/*;q=0.8"])
                    )
                    #expect(page.status == 200)
                    #expect(page["content-type"] == "text/html; charset=utf-8")
                    #expect(page["content-security-policy"]?.hasPrefix("default-src 'none'; script-src 'self'") == true)
                    #expect(page.text.contains("<title>GraphQL"))
                }
                let script = try curl.send(HTTPRequest("GET", "/graphql/explorer.js"))
                #expect(script.status == 200)
                #expect(script["content-type"] == "text/javascript; charset=utf-8")
                let style = try curl.send(HTTPRequest("GET", "/graphql/explorer.css"))
                #expect(style.status == 200)
                expectError(try curl.send(HTTPRequest("GET", "/graphql/nothing")), 404, "NOT_FOUND")
                // A change is none for a browser's address line.
                let post = try curl.send(ask("{ __typename }", fields: ["Accept: text/html"]))
                #expect(post.status == 406)
            }
        }

        @Test func `the status follows the profile, and where GraphQL is off it is not there`() throws {
            var options = Instance.Options()
            options.settings = ["GATEHOUSE_GRAPHQL_PROFILE=draft-2026"]
            try Instance.run(options) { instance in
                let partial = try instance.send(ask("{ me { id } __typename }"))
                #expect(partial.status == 294)
                let refused = try instance.send(ask("{ nothing }"))
                #expect(refused.status == 422)
            }
            options.settings = ["GATEHOUSE_GRAPHQL_ENABLED=false"]
            try Instance.run(options) { instance in
                let nothing = try instance.send(ask("{ __typename }"))
                expectError(nothing, 404, "NOT_FOUND")
            }
        }

        @Test func `a user's budget is spent by what operations cost, and told`() throws {
            var options = Instance.Options()
            options.isLimited = true
            options.settings = ["GATEHOUSE_LIMITS_GRAPHQL_COST=400/1h"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let list = ask("{ users(first: 100) { nodes { sessions { id } } } }", token: admin)
                let first = try instance.send(list)
                #expect(first.status == 200, "\(first.text)")
                #expect(first["ratelimit-policy"]?.contains("\"graphql_cost\";q=400;w=3600") == true)
                let second = try instance.send(list)
                #expect(second.status == 429, "\(second.text)")
                #expect(try second.json()["errors"]?.elements.first?["extensions"]?["code"]?.string == "RATE_LIMITED")
                #expect(second["retry-after"] != nil)
                #expect(try instance.send(ask("{ me { id } }", token: admin)).status == 200)
            }
        }

        @Test func `sign-ins by GraphQL never hold the threads that others need`() throws {
            var options = Instance.Options()
            options.workers = 1
            options.threads = 4
            options.settings = ["GATEHOUSE_PASSWORDS_PASSES=16", "GATEHOUSE_PASSWORDS_MEMORY=64MiB"]
            let signIn = ask(
                "mutation { signIn(input: { email: \"nobody@example.com\", password: \"a long sentence\" }) { token } }"
            )
            try Instance.run(options) { instance in
                let flood = try (0..<20).map { _ in try HTTPConnection(instance.plainSocket, within: 60) }
                for connection in flood { try connection.begin(signIn) }
                for _ in 0..<20 { #expect(try instance.send(HTTPRequest("GET", "/api/v1/me")).status == 401) }
                let answers = try flood.map { try $0.answer(to: signIn) }
                #expect(answers.contains { $0.status == 200 })
                let refused = answers.filter { $0.status != 200 }
                for answer in refused {
                    #expect(answer.status == 503)
                    #expect(answer["retry-after"] == "1")
                }
                #expect(try instance.send(signIn).status == 200)
            }
        }
    }
}
