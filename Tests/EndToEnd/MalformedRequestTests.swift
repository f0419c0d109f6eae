import JSON
import Linux
import Testing

extension EndToEndTests {
    /// Requests that are wrong in some way: each has its code, and none changes anything.
    @Suite struct MalformedRequestTests {
        /// Not the events: that of a sign-in is told and chained meanwhile.
        private static let content = ".dump users sessions api_keys receipts"

        /// A request that is wrong, and what it must be answered.
        private struct Case {
            let what: String
            let request: HTTPRequest
            let status: Int
            let code: String

            init(_ what: String, _ status: Int, _ code: String, _ request: HTTPRequest) {
                self.what = what
                self.request = request
                self.status = status
                self.code = code
            }
        }

        @Test func `every malformed request has its code and changes nothing`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let id = try instance.createUser("ada@example.com", password: "a password of Ada", as: admin)
                let before = try instance.sqlite(Self.content)
                let workers = try instance.workers()
                let cases = bodies(admin) + types(admin) + paths(admin, id) + fields(admin, id)
                for malformed in cases {
                    let response = try instance.send(malformed.request)
                    expectError(response, malformed.status, malformed.code, malformed.what)
                }
                for (what, bytes) in notHTTP(id) {
                    let response = try HTTPConnection(instance.plainSocket).send(raw: bytes)
                    expectError(response, 400, "MALFORMED_REQUEST", what)
                }
                #expect(try instance.sqlite(Self.content) == before)
                #expect(try instance.workers() == workers)
            }
        }

        @Test func `all faulty fields are told at once`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let body = #"{"email":"nobody","name":"","password":"short","role":"king","extra":1}"#
                let response = try instance.send(HTTPRequest("POST", "/api/users", token: admin, json: body))
                expectError(response, 400, "VALIDATION_ERROR")
                let details = try response.json()["error"]?["details"]?.elements ?? []
                let names = Set(details.compactMap { $0["field"]?.string })
                #expect(names == ["email", "name", "password", "role", "extra"])
                #expect(details.allSatisfy { $0["message"]?.string?.isEmpty == false })
            }
        }

        @Test func `noise is never answered with a fault, and changes nothing`() throws {
            try Instance.run { instance in
                let admin = try instance.signIn()
                let before = try instance.sqlite(Self.content)
                let workers = try instance.workers()
                let good = Array(#"{"email":"noise@example.com","name":"Noise","role":"member"}"#.utf8)
                var random = SplitMix(state: 20_260_101)
                let client = HTTPClient(instance.plainSocket)
                for _ in 0..<300 {
                    var body = good
                    for _ in 0...Int.random(in: 0..<4, using: &random) {
                        body[Int.random(in: body.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                    }
                    // What is left whole by chance would be created.
                    body.append(UInt8(ascii: "}"))
                    let fields = ["Content-Type: application/json"]
                    let request = HTTPRequest("POST", "/api/users", token: admin, fields: fields, body: body)
                    #expect(try client.send(request).status == 400, "\(body)")
                }
                #expect(try instance.sqlite(Self.content) == before)
                #expect(try instance.workers() == workers)
            }
        }

        // MARK: - Tables

        private func bodies(_ admin: String) -> [Case] {
            let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
            let malformed: [(String, [UInt8])] = [
                ("no body", []),
                ("no JSON", Array("email=a@example.com".utf8)),
                ("JSON that is cut", Array(#"{"email":"a@example.com","name":"#.utf8)),
                ("something after it", Array(#"{"email":"a@example.com","name":"A"} {}"#.utf8)),
                ("a comma too many", Array(#"{"email":"a@example.com","name":"A",}"#.utf8)),
                ("single quotes", Array("{'email':'a@example.com','name':'A'}".utf8)),
                ("deep nesting", Array(#"{"email":"a@example.com","name":\#(deep)}"#.utf8)),
                ("30,000 brackets", [UInt8](repeating: UInt8(ascii: "["), count: 30_000)),
                ("a member twice", Array(#"{"email":"a@example.com","name":"A","name":"B"}"#.utf8)),
                ("a lone surrogate", Array(#"{"email":"a@example.com","name":"\ud800"}"#.utf8)),
                ("an unknown escape", Array(#"{"email":"a@example.com","name":"\x41"}"#.utf8)),
                ("a control character", Array("{\"email\":\"a@example.com\",\"name\":\"A\u{1}\"}".utf8)),
                ("a NUL in the text", Array("{\"email\":\"a@example.com\",\"name\":\"A\u{0}\"}".utf8)),
                ("bad UTF-8", Array(#"{"email":"a@example.com","name":""#.utf8) + [0xc3, 0x28, 34, 125]),
                (
                    "a surrogate in UTF-8",
                    Array(#"{"email":"a@example.com","name":""#.utf8) + [0xed, 0xa0, 0x80, 34, 125]
                ),
                ("a byte order mark", [0xef, 0xbb, 0xbf] + Array(#"{"email":"a@example.com","name":"A"}"#.utf8)),
                ("UTF-16", Array(#"{"email":"a@example.com","name":"A"}"#.utf16).flatMap { [UInt8($0 & 0xff), 0] }),
                ("a number out of range", Array(#"{"email":"a@example.com","name":1e999}"#.utf8)),
                ("NaN", Array(#"{"email":"a@example.com","name":NaN}"#.utf8)),
            ]
            let fields = ["Content-Type: application/json"]
            return malformed.map { what, body in
                let request = HTTPRequest("POST", "/api/users", token: admin, fields: fields, body: body)
                return Case(what, 400, "MALFORMED_JSON", request)
            }
        }

        private func fields(_ admin: String, _ id: String) -> [Case] {
            let longName = String(repeating: "n", count: 201)
            let longEmail = String(repeating: "e", count: 250) + "@example.com"
            let creations = [
                "[]", "null", "1", #""text""#, "{}",
                #"{"email":"a@example.com"}"#,
                #"{"email":1,"name":"A"}"#,
                #"{"email":null,"name":"A"}"#,
                #"{"email":["a@example.com"],"name":{"first":"A"}}"#,
                #"{"email":"a@example.com","name":true}"#,
                #"{"email":"","name":"A"}"#,
                #"{"email":"nobody","name":"A"}"#,
                #"{"email":"a@b@example.com","name":"A"}"#,
                #"{"email":"a@example.com\u0000","name":"A"}"#,
                #"{"email":"a@example.com","name":"A\u0000B"}"#,
                #"{"email":"a@example.com","name":"\#(longName)"}"#,
                #"{"email":"\#(longEmail)","name":"A"}"#,
                #"{"email":"a@example.com","name":"A","password":"short"}"#,
                #"{"email":"a@example.com","name":"A","role":"root"}"#,
                #"{"email":"a@example.com","name":"A","status":"gone"}"#,
                #"{"email":"a@example.com","name":"A","nmae":"A"}"#,
                #"{"email":"a@example.com","name":"A","id":"\#(id)"}"#,
                #"{"Email":"a@example.com","Name":"A"}"#,
            ]
            let replacements = [
                #"{"name":"A"}"#,
                #"{"email":"a@example.com","name":"A","role":"admin"}"#,
                #"{"email":"a@example.com","name":"A","id":"01890a5d-ac96-774b-bcce-b302099a8057"}"#,
                #"{"email":"a@example.com","name":"A","password":"a password of Ada"}"#,
            ]
            let changes = [
                #"{"name":null}"#, #"{"email":null}"#, #"{"created_at":"2026-01-01T00:00:00Z"}"#, #"{"id":"x"}"#,
                #"{"password":"short"}"#,
            ]
            let taken = #"{"email":"ADA@EXAMPLE.COM","name":"A"}"#
            func cases(_ method: String, _ path: String, _ texts: [String]) -> [Case] {
                texts.map { text in
                    let request = HTTPRequest(method, path, token: admin, json: text)
                    return Case("\(method) \(text)", 400, "VALIDATION_ERROR", request)
                }
            }
            return cases("POST", "/api/users", creations) + cases("PUT", "/api/users/\(id)", replacements)
                + cases("PATCH", "/api/users/\(id)", changes)
                + cases("POST", "/api/sessions", ["{}", #"{"email":"a@example.com"}"#, #"{"email":1,"password":2}"#])
                + [
                    Case(
                        "an address that is taken, in capitals",
                        409,
                        "CONFLICT",
                        HTTPRequest("POST", "/api/users", token: admin, json: taken)
                    )
                ]
        }

        private func types(_ admin: String) -> [Case] {
            let body = Array(#"{"email":"a@example.com","name":"A"}"#.utf8)
            let types = [
                nil, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1",
                "application/jsonx", "application/merge-patch+json", "json",
            ]
            return types.map { type in
                let fields = type.map { ["Content-Type: \($0)"] } ?? []
                let request = HTTPRequest("POST", "/api/users", token: admin, fields: fields, body: body)
                return Case("type \(type ?? "none")", 415, "UNSUPPORTED_MEDIA_TYPE", request)
            } + [
                Case(
                    "a client that wants XML",
                    406,
                    "NOT_ACCEPTABLE",
                    HTTPRequest("GET", "/api/users", token: admin, fields: ["Accept: text/xml"])
                ),
                Case(
                    "a huge body",
                    413,
                    "PAYLOAD_TOO_LARGE",
                    HTTPRequest("POST", "/api/users", token: admin, body: [UInt8](repeating: 0x20, count: 65_537))
                ),
            ]
        }

        private func paths(_ admin: String, _ id: String) -> [Case] {
            let queries = [
                ("pgae=1", "UNKNOWN_PARAMETER"), ("page=1&colour=red", "UNKNOWN_PARAMETER"),
                ("=1", "UNKNOWN_PARAMETER"),
                ("page", "VALIDATION_ERROR"), ("page=", "VALIDATION_ERROR"), ("page=0", "VALIDATION_ERROR"),
                ("page=-1", "VALIDATION_ERROR"), ("page=+1", "VALIDATION_ERROR"), ("page=1.5", "VALIDATION_ERROR"),
                ("page=one", "VALIDATION_ERROR"), ("page=1&page=2", "VALIDATION_ERROR"),
                ("page=99999999999999999999", "VALIDATION_ERROR"), ("page=9223372036854775807", "VALIDATION_ERROR"),
                ("per_page=101", "VALIDATION_ERROR"), ("per_page=0", "VALIDATION_ERROR"),
                ("page=%", "MALFORMED_REQUEST"), ("page=%4", "MALFORMED_REQUEST"), ("page=%zz", "MALFORMED_REQUEST"),
                ("page=%ff", "MALFORMED_REQUEST"), ("%c3%28=1", "MALFORMED_REQUEST"), ("page=%00", "VALIDATION_ERROR"),
            ]
            let paths = [
                "/api/users/", "/api/v1/users/\(id)/", "/api//users", "/api/v2/users", "/api/USERS", "/api",
                "/api/users/not-an-id", "/api/users/\(id.dropLast())", "/api/users/\(id)0", "/api/users/\(id)%20",
                "/api/users/%c3%28", "/api/users/%ff", "/api/users/\(id)/nothing", "/api/user%73/x/y",
                "/api/users/01890a5d-ac96-774b-bcce-b302099a8057", "/api/users/..%2f..%2fetc", "/api/users/;drop",
                "/api/users/'%20OR%20'1'='1",
            ]
            return queries.map { query, code in
                Case("?\(query)", 400, code, HTTPRequest("GET", "/api/users?\(query)", token: admin))
            }
                + paths.map { path in
                    Case(path, 404, "NOT_FOUND", HTTPRequest("GET", path, token: admin))
                }
                + ["BREW", "PROPFIND", "LOCK", "DELETEX"].map { method in
                    Case(method, 405, "METHOD_NOT_ALLOWED", HTTPRequest(method, "/api/users", token: admin))
                }
                + [
                    "Basic YTpi", "Bearer", "Bearer ", "Bearer x", "Bearer gh_s_", "Bearer \(admin)x",
                    "Bearer \(admin.dropLast())", "Bearer \(admin) \(admin)", admin,
                    String(repeating: "Bearer ", count: 500),
                ].map { value in
                    Case(
                        "Authorization: \(value)",
                        401,
                        "UNAUTHENTICATED",
                        HTTPRequest("GET", "/api/users", fields: ["Authorization: \(value)"])
                    )
                }
        }

        /// What nginx refuses itself; a bad percent in the path is among it.
        private func notHTTP(_ id: String) -> [(what: String, bytes: [UInt8])] {
            let host = "Host: localhost\r\n\r\n"
            return [
                ("a NUL in the path, encoded", "GET /api/users/%00 HTTP/1.1\r\n\(host)"),
                ("a bad percent in the path", "GET /api/users/%zz HTTP/1.1\r\n\(host)"),
                ("a percent at the end", "GET /api/users/\(id)% HTTP/1.1\r\n\(host)"),
                ("a NUL in the path", "GET /api/\u{0}users HTTP/1.1\r\n\(host)"),
                ("a NUL in a field", "GET /api/users HTTP/1.1\r\nX-A: a\u{0}b\r\n\(host)"),
                ("a method in small letters", "get /api/users HTTP/1.1\r\n\(host)"),
                ("no host", "GET /api/users HTTP/1.1\r\n\r\n"),
                ("two hosts", "GET /api/users HTTP/1.1\r\nHost: a\r\n\(host)"),
                ("a length that is none", "POST /api/users HTTP/1.1\r\nContent-Length: -1\r\n\(host)"),
                ("two lengths", "POST /api/users HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\(host)"),
                ("a way out of the root", "GET /../../etc/passwd HTTP/1.1\r\n\(host)"),
            ].map { ($0.0, Array($0.1.utf8)) }
        }
    }
}

/// Numbers that are the same in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
