import JSON
import Testing

extension EndToEndTests {
    /// Each route, as it is reached from outside.
    @Suite struct RouteTests {
        @Test(arguments: ["/api/v1", "/api"])
        func `every route answers over TLS and HTTP/2`(prefix: String) throws {
            try Instance.run { instance in
                let curl = instance.curl
                let admin = try instance.signIn()
                let users = "\(prefix)/users"

                let body = #"{"email":"ada@example.com","name":"Ada","password":"a password of Ada"}"#
                let created = try curl.send(HTTPRequest("POST", users, token: admin, json: body))
                let user = try #require(try data(of: created, status: 201))
                let id = try #require(user["id"]?.string)
                #expect(created["location"] == "/api/v1/users/\(id)")
                #expect(user["role"]?.string == "member")
                let one = "\(users)/\(id)"

                let list = try curl.send(HTTPRequest("GET", "\(users)?page=1&per_page=1", token: admin))
                #expect(try #require(try data(of: list, status: 200)).elements.count == 1)
                #expect(try list.json()["meta"]?["total"]?.integer == 2)
                #expect(list["link"]?.contains(#"</api/v1/users?page=2&per_page=1>; rel="next""#) == true)

                let read = try curl.send(HTTPRequest("GET", one, token: admin))
                #expect(try data(of: read, status: 200) == user)
                #expect(read["cache-control"] == "private, no-cache")

                let replacement = #"{"email":"ada@example.org","name":"Ada Lovelace"}"#
                let replaced = try curl.send(HTTPRequest("PUT", one, token: admin, json: replacement))
                #expect(try data(of: replaced, status: 200)?["name"]?.string == "Ada Lovelace")

                let changed = try curl.send(HTTPRequest("PATCH", one, token: admin, json: #"{"name":"Ada King"}"#))
                #expect(try data(of: changed, status: 200)?["name"]?.string == "Ada King")
                let merged = try curl.send(
                    HTTPRequest(
                        "PATCH",
                        one,
                        token: admin,
                        fields: ["Content-Type: application/merge-patch+json"],
                        body: Array(#"{"name":"Ada L."}"#.utf8)
                    )
                )
                #expect(try data(of: merged, status: 200)?["name"]?.string == "Ada L.")
                #expect(try data(of: merged, status: 200)?["email"]?.string == "ada@example.org")

                let credentials = Instance.credentials("Ada@Example.org", "a password of Ada")
                let signedIn = try curl.send(HTTPRequest("POST", "\(prefix)/sessions", json: credentials))
                let session = try #require(try data(of: signedIn, status: 201))
                #expect(session.names == ["id", "token", "expires_at", "user"])
                let token = try #require(session["token"]?.string)
                let me = try curl.send(HTTPRequest("GET", "\(prefix)/me", token: token))
                #expect(try data(of: me, status: 200)?["id"]?.string == id)
                expectError(try curl.send(HTTPRequest("GET", users, token: token)), 403, "FORBIDDEN")
                let signedOut = try curl.send(HTTPRequest("DELETE", "\(prefix)/sessions/current", token: token))
                expectFields(signedOut, status: 204)
                #expect(signedOut.body.isEmpty)
                expectError(try curl.send(HTTPRequest("GET", "\(prefix)/me", token: token)), 401, "UNAUTHENTICATED")

                expectFields(try curl.send(HTTPRequest("DELETE", one, token: admin)), status: 204)
                expectError(try curl.send(HTTPRequest("GET", one, token: admin)), 404, "NOT_FOUND")
            }
        }

        @Test func `health answers anyone`() throws {
            try Instance.run { instance in
                let response = try instance.curl.send(HTTPRequest("GET", "/health"))
                expectFields(response, status: 200)
                #expect(try response.json()["checks"]?["database"]?.string == "connected")
                #expect(response["cache-control"] == "no-store")
            }
        }

        @Test func `HEAD answers as GET without the body`() throws {
            try Instance.run { instance in
                let curl = instance.curl
                let admin = try instance.signIn()
                for path in ["/api/v1/users", "/api/me", "/health", "/api/v1/nothing"] {
                    let get = try curl.send(HTTPRequest("GET", path, token: admin))
                    let head = try curl.send(HTTPRequest("HEAD", path, token: admin))
                    #expect(head.status == get.status, "\(path)")
                    #expect(head.body.isEmpty, "\(path)")
                    #expect(head["content-type"] == get["content-type"], "\(path)")
                    #expect(head["content-length"] == "\(get.body.count)", "\(path)")
                    expectFields(head, status: get.status)
                }
            }
        }

        @Test func `OPTIONS and 405 tell the methods`() throws {
            try Instance.run { instance in
                let curl = instance.curl
                let id = "01890a5d-ac96-774b-bcce-b302099a8057"
                let resources = [
                    ("/users", "GET, HEAD, POST, OPTIONS", "DELETE"),
                    ("/users/\(id)", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS", "POST"),
                    ("/me", "GET, HEAD, OPTIONS", "PUT"),
                    ("/me/password", "POST, OPTIONS", "GET"),
                    ("/sessions", "GET, HEAD, POST, DELETE, OPTIONS", "PUT"),
                    ("/sessions/current", "DELETE, OPTIONS", "POST"),
                    ("/sessions/\(id)", "DELETE, OPTIONS", "GET"),
                    ("/api-keys", "GET, HEAD, POST, OPTIONS", "PUT"),
                    ("/api-keys/\(id)", "DELETE, OPTIONS", "GET"),
                    ("/users/\(id)/sessions", "GET, HEAD, DELETE, OPTIONS", "POST"),
                    ("/users/\(id)/api-keys", "GET, HEAD, DELETE, OPTIONS", "POST"),
                ]
                let all = ["/api/v1", "/api"].flatMap { prefix in resources.map { (prefix + $0.0, $0.1, $0.2) } }
                for (path, methods, other) in all + [("/health", "GET, HEAD, OPTIONS", "POST")] {
                    let options = try curl.send(HTTPRequest("OPTIONS", path))
                    expectFields(options, status: 204)
                    #expect(set(options["allow"]) == set(methods), "\(path)")
                    let refused = try curl.send(HTTPRequest(other, path))
                    expectError(refused, 405, "METHOD_NOT_ALLOWED")
                    #expect(set(refused["allow"]) == set(methods), "\(path)")
                }
            }
        }

        @Test func `routes for signed-in people refuse everyone else`() throws {
            try Instance.run { instance in
                let id = "01890a5d-ac96-774b-bcce-b302099a8057"
                let routes = [
                    ("GET", "/users"), ("POST", "/users"), ("GET", "/users/\(id)"), ("PUT", "/users/\(id)"),
                    ("PATCH", "/users/\(id)"), ("DELETE", "/users/\(id)"), ("GET", "/me"),
                    ("DELETE", "/sessions/current"),
                ]
                for (method, path) in routes {
                    let response = try instance.curl.send(HTTPRequest(method, "/api/v1\(path)"))
                    expectError(response, 401, "UNAUTHENTICATED")
                    #expect(response["www-authenticate"]?.hasPrefix("Bearer") == true, "\(method) \(path)")
                }
            }
        }

        @Test func `anyone registers where registration is open`() throws {
            var options = Instance.Options()
            options.settings = ["GATEHOUSE_REGISTRATION_OPEN=true"]
            try Instance.run(options) { instance in
                let body = #"{"email":"grace@example.com","name":"Grace","password":"a password of Grace"}"#
                let created = try instance.curl.send(HTTPRequest("POST", "/api/users", json: body))
                #expect(try data(of: created, status: 201)?["email"]?.string == "grace@example.com")
                let again = try instance.curl.send(HTTPRequest("POST", "/api/users", json: body))
                expectError(again, 409, "CONFLICT")
                #expect(try again.json()["error"]?["details"]?.elements.first?["field"]?.string == "email")
                _ = try instance.signIn("GRACE@example.com", "a password of Grace")
            }
        }

        @Test func `who asks for problem details gets them`() throws {
            try Instance.run { instance in
                let response = try instance.curl.send(
                    HTTPRequest("GET", "/api/v1/nothing", fields: ["Accept: application/problem+json"])
                )
                #expect(response.status == 404)
                #expect(response["content-type"] == "application/problem+json; charset=utf-8")
                let body = try response.json()
                #expect(body["status"]?.integer == 404)
                #expect(body["code"]?.string == "NOT_FOUND")
                #expect(body["instance"]?.string?.hasSuffix(response["request-id"] ?? "-") == true)
            }
        }

        @Test func `the pages beside the API are there`() throws {
            try Instance.run { instance in
                let page = try instance.curl.send(HTTPRequest("GET", "/"))
                #expect(page.status == 200)
                #expect(page["content-type"] == "text/html; charset=utf-8")
                #expect(page["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
                let files = [
                    "/reference.html": "text/html", "/reference.css": "text/css", "/reference.js": "text/javascript",
                ]
                for (path, type) in files {
                    let file = try instance.curl.send(HTTPRequest("GET", path))
                    #expect(file.status == 200, "\(path)")
                    #expect(file["content-type"] == "\(type); charset=utf-8", "\(path)")
                }
                expectError(try instance.curl.send(HTTPRequest("GET", "/nothing")), 404, "NOT_FOUND")
            }
        }

        @Test func `the description is read by anyone, and once`() throws {
            try Instance.run { instance in
                let response = try instance.curl.send(HTTPRequest("GET", "/openapi.json"))
                expectFields(response, status: 200)
                #expect(try response.json()["openapi"]?.string == "3.1.0")
                let tag = try #require(response["etag"])
                #expect(!tag.hasPrefix("W/"))
                let again = try instance.curl.send(
                    HTTPRequest("GET", "/openapi.json", fields: ["If-None-Match: \(tag)"])
                )
                #expect(again.status == 304)
                #expect(again["etag"] == tag)
            }
        }

        /// The data of a response whose status and fields are as they must be.
        private func data(of response: HTTPResponse, status: Int) throws -> JSONValue? {
            expectFields(response, status: status)
            return try response.json()["data"]
        }

        private func set(_ list: String?) -> Set<String> {
            Set((list ?? "").split(separator: ",").map { String($0.drop { $0 == " " }) })
        }
    }
}
