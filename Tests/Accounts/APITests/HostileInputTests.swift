import Domain
import HTTPPipeline
import JSON
import TestSupport
import Testing

/// Whatever comes, wherever: an answer that is documented, no fault, and nothing changed by what was refused.
struct HostileInputTests {
    private typealias Field = (name: String, value: String)
    private static let administrator: Field = ("Authorization", "Bearer \(Token.administrator)")
    private static let json: Field = ("Content-Type", "application/json")
    private static let ben = "/api/v1/users/\(UserID.fixture(Person.ben.rawValue))"

    /// The statuses of the codes that this pipeline may answer with, as docs/api.md has them.
    private static let statuses: [String: Int] = [
        "VALIDATION_ERROR": 400, "MALFORMED_JSON": 400, "MALFORMED_REQUEST": 400, "UNKNOWN_PARAMETER": 400,
        "INVALID_CURSOR": 400, "UNAUTHENTICATED": 401, "INVALID_CREDENTIALS": 401, "SESSION_EXPIRED": 401,
        "FORBIDDEN": 403, "ACCOUNT_DISABLED": 403, "NOT_FOUND": 404, "METHOD_NOT_ALLOWED": 405, "NOT_ACCEPTABLE": 406,
        "CONFLICT": 409, "PRECONDITION_FAILED": 412, "PRECONDITION_REQUIRED": 428, "PAYLOAD_TOO_LARGE": 413,
        "UNSUPPORTED_MEDIA_TYPE": 415,
    ]

    /// Sends that many requests; `check` looks at those of which more is known.
    ///
    /// The site is made anew now and then: a user whom a request has really deleted must not end the matter.
    private func send(
        _ count: Int = 500,
        seed: UInt64,
        _ make: (inout HostileInput) -> ClientRequest,
        check: (ClientRequest, Response) throws -> Void = { _, _ in }
    ) throws {
        var input = HostileInput(seed: seed)
        var site = try Site()
        var refusals = 0
        for number in 0..<count {
            if number.isMultiple(of: 40) { site = try Site() }
            let request = make(&input)
            let before = site.unitOfWork.state
            let response = try site.send(request)
            let status = response.status.code
            let about = "\(request.method) \(request.path)\(request.query) \(request.fields): \(status)" as Comment
            if status >= 400 {
                refusals += 1
                let body = try response.bodyObject
                let code = try body["code"]?.string ?? response.errorCode
                #expect(code.map { Self.statuses[$0] } == status, about)
            }
            if status >= 400 || ["GET", "HEAD", "OPTIONS"].contains(request.method) {
                #expect(site.unitOfWork.state == before, about)
            }
            try check(request, response)
        }
        // Input that is hardly ever refused shows little.
        #expect(refusals > count / 10)
    }

    private static let bodies: [(method: String, path: String, type: String, body: String)] = [
        (
            "POST", "/api/v1/users", "application/json",
            #"{"email":"new@example.com","name":"New","password":"a long pass phrase","role":"member"}"#
        ),
        (
            "POST", "/api/v1/users/batch", "application/json",
            #"{"users":[{"email":"a@example.com","name":"A"},{"email":"b@example.com","name":"B","role":"admin"}]}"#
        ),
        ("PUT", ben, "application/json", #"{"email":"ben@example.com","name":"Benjamin","status":"active"}"#),
        ("PATCH", ben, "application/merge-patch+json", #"{"name":"Benjamin","role":"admin","status":"disabled"}"#),
        ("PATCH", ben, "application/json", #"{"email":"other@example.com","password":"another pass phrase"}"#),
        (
            "POST", "/api/v1/me/password", "application/json",
            #"{"current":"the password of ada","new":"another password of ada"}"#
        ),
        (
            "POST", "/api/v1/sessions", "application/json",
            #"{"email":"ben@example.com","password":"the password of ben","cookie":true}"#
        ),
        (
            "POST", "/api/v1/api-keys", "application/json",
            #"{"name":"robot","expires_at":"2027-01-01T00:00:00Z","access":"read"}"#
        ),
    ]

    @Test(arguments: bodies.indices) func `any bytes as a body`(index: Int) throws {
        let (method, path, type, body) = Self.bodies[index]
        try send(seed: 10 + UInt64(index)) { input in
            ClientRequest(
                method,
                bytes: Array(path.utf8),
                fields: [Self.administrator, ("Content-Type", type)],
                body: input.bytes(like: body)
            )
        }
    }

    private static let parameters = [
        "page=2", "per_page=20", "cursor=", "sort=-created_at", "fields=id,email", "role=admin", "status=active",
        "created_after=2026-01-01T00:00:00Z", "created_before=2026-01-01T00:00:00.123456Z", "email=ben@example.com",
        "email_prefix=be&sort=email", "name_prefix=be&sort=-name", "page=1&per_page=20&role=member",
    ]

    @Test(arguments: parameters) func `any bytes as a parameter`(parameter: String) throws {
        try send(seed: 30 + UInt64(parameter.utf8.count)) { input in
            // Its value, so that it reaches what looks at that, or name and value.
            let name = parameter.prefix { $0 != "=" }
            let query =
                input.number(below: 3) == 0
                ? input.encoded(like: parameter)
                : Array("\(name)=".utf8) + input.encoded(like: String(parameter.dropFirst(name.count + 1)))
            return ClientRequest(
                "GET",
                bytes: Array("/api/v1/users?".utf8) + query,
                fields: [Self.administrator],
                body: []
            )
        }
    }

    @Test func `any bytes as a path`() throws {
        let id = "\(UserID.fixture(Person.ben.rawValue))"
        let session = "\(SessionID.fixture(2))"
        let paths = [
            "/api/v1/users/\(id)", "/api/users/\(id)/sessions", "/api/v1/users/batch", "/api/v1/sessions/\(session)",
            "/api/v1/sessions/current", "/api/v1/api-keys/\(session)", "/api/v1/me/password", "/health", "/",
        ]
        try send(3000, seed: 50) { input in
            let method = input.pick(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "BREW", "get", ""])
            return ClientRequest(
                method,
                bytes: input.encoded(like: input.pick(paths)),
                fields: [Self.administrator, Self.json],
                body: Array("{}".utf8)
            )
        }
    }

    private static let fields: [(name: String, value: String)] = [
        ("Accept", "application/json;q=0.9, application/problem+json, */*;q=0.1"), ("Content-Type", "application/json"),
        ("If-Match", "\"\(UserID.fixture(Person.ben.rawValue)).1.1\", W/\"x\""),
        ("If-None-Match", "\"\(UserID.fixture(Person.ben.rawValue)).1.1\", *"), ("Prefer", "count=none, wait=10"),
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)"), ("X-Requested-With", "XMLHttpRequest"),
        ("Content-Encoding", "gzip, br"),
    ]

    @Test(arguments: fields.indices) func `any bytes as a header field`(index: Int) throws {
        let (name, valid) = Self.fields[index]
        let requests = [
            ("GET", Self.ben, ""), ("GET", "/api/v1/users?per_page=2", ""), ("PATCH", Self.ben, #"{"name":"Benny"}"#),
            ("PUT", Self.ben, #"{"email":"ben@example.com"}"#), ("GET", "/api/v1/nothing", ""),
            ("POST", "/api/v1/sessions", #"{"email":"ben@example.com","password":"a wrong password"}"#),
            ("POST", "/api/v1/sessions", #"{"email":"ben@example.com","password":"the password of ben"}"#),
        ]
        try send(seed: 70 + UInt64(index)) { input in
            let (method, path, body) = input.pick(requests)
            let field = (name: name, value: input.text(like: valid))
            return ClientRequest(method, path, fields: [field, Self.administrator, Self.json], body: body)
        }
    }

    @Test(arguments: ["Authorization", "Cookie"]) func `any bytes as a token`(field: String) throws {
        let keys = "gh_k_" + Token.member.dropFirst(5)
        let tokens = [Token.administrator, Token.member, Token.expired, Token.disabled, Token.unknown, keys]
        let requests = [
            ("GET", "/api/v1/me", ""), ("DELETE", "/api/v1/sessions", ""),
            ("POST", "/api/v1/api-keys", #"{"name":"x"}"#),
        ]
        let scheme = field == "Cookie" ? "__Host-gatehouse=" : "Bearer "
        try send(2000, seed: 90 + UInt64(field.utf8.count)) { input in
            let (method, path, body) = input.pick(requests)
            let text =
                input.number(below: 2) == 0
                ? input.text(like: scheme + input.pick(tokens)) : scheme + input.text(like: input.pick(tokens))
            let fields: [Field] = [(field, text), Self.json, ("X-Requested-With", "page")]
            return ClientRequest(method, path, fields: fields, body: body)
        } check: { request, response in
            let sent = request.fields[0].value
            let isOne = [Token.administrator, Token.member].contains { sent.contains($0) }
            #expect(isOne || response.status == .unauthorized, "\(sent)")
        }
    }

    @Test(arguments: ["sort=name", "sort=-created_at&role=member"])
    func `any bytes as a cursor`(list: String) throws {
        let path = "/api/v1/users?\(list)&per_page=1"
        let site = try Site()
        func ask(_ cursor: String) throws -> Response {
            try site.send(ClientRequest("GET", "\(path)&cursor=\(cursor)", fields: [Self.administrator]))
        }
        let first = try ask("")
        guard case .object(let meta)? = try first.bodyObject["meta"] else { return }
        let cursor = try #require(meta["next_cursor"]?.string)
        let second = try ask(cursor)
        try send(1500, seed: 110 + UInt64(list.utf8.count)) { input in
            let target = Array("\(path)&cursor=".utf8) + input.encoded(like: cursor)
            return ClientRequest("GET", bytes: target, fields: [Self.administrator], body: [])
        } check: { request, response in
            // Only the one that was given out, and none at all, leads anywhere.
            let leads = response.status != .ok || response.body == first.body || response.body == second.body
            #expect(leads, "\(request.query)")
        }
    }
}
