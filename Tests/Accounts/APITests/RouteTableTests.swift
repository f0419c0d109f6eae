import Domain
import HTTPPipeline
import TestSupport
import Testing

/// Walks over every route, method and caller, and looks at the status alone.
struct RouteTableTests {
    /// Who sends a request.
    enum Caller: CaseIterable {
        case nobody, member, administrator, expired, unknown, disabled, otherScheme

        var authorization: String? {
            switch self {
            case .nobody: nil
            case .member: "Bearer \(Token.member)"
            case .administrator: "bearer \(Token.administrator)"
            case .expired: "Bearer \(Token.expired)"
            case .unknown: "Bearer \(Token.unknown)"
            case .disabled: "Bearer \(Token.disabled)"
            case .otherScheme: "Basic YWRhOng="
            }
        }
    }

    /// Who may do something, told by the statuses of the answers.
    enum Access {
        /// Anyone; nobody asks who it is.
        case anyone(Int)
        /// Anyone, but whoever sends a token must be known by it.
        case anyoneKnown(Int)
        /// Whoever is signed in.
        case signedIn(Int)
        /// An administrator; to members there is no such thing.
        case administratorSees(Int)
        /// An administrator; members may never.
        case administrator(Int)

        func status(for caller: Caller) -> Int {
            switch (self, caller) {
            case (.anyone(let status), _): status
            case (.anyoneKnown(let status), .nobody): status
            case (_, .nobody), (_, .expired), (_, .unknown), (_, .disabled), (_, .otherScheme): 401
            case (.administratorSees, .member): 404
            case (.administrator, .member): 403
            case (.anyoneKnown(let status), _), (.signedIn(let status), _), (.administratorSees(let status), _),
                (.administrator(let status), _):
                status
            }
        }
    }

    /// A path with all that may be done there.
    struct Row: CustomTestStringConvertible, Sendable {
        let pattern: String
        let path: String
        let allow: String
        let methods: [String: Access]
        var registrationIsOpen = false

        var testDescription: String { path + (registrationIsOpen ? ", registration open" : "") }
    }

    static let rows: [Row] = [
        Row(
            pattern: "/api/v1/users",
            path: "/users",
            allow: "GET, POST, HEAD, OPTIONS",
            methods: ["GET": .administrator(200), "POST": .administrator(201)]
        ),
        Row(
            pattern: "/api/v1/users",
            path: "/users",
            allow: "GET, POST, HEAD, OPTIONS",
            methods: ["GET": .administrator(200), "POST": .anyoneKnown(201)],
            registrationIsOpen: true
        ),
        Row(
            pattern: "/api/v1/users/{id}",
            path: "/users/\(UserID.fixture(Person.ben.rawValue))",
            allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
            methods: ["GET": .signedIn(200), "PUT": .signedIn(200), "PATCH": .signedIn(200), "DELETE": .signedIn(204)]
        ),
        Row(
            pattern: "/api/v1/users/{id}",
            path: "/users/\(UserID.fixture(Person.cleo.rawValue))",
            allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
            methods: [
                "GET": .administratorSees(200), "PUT": .administratorSees(200), "PATCH": .administratorSees(200),
                "DELETE": .administratorSees(204),
            ]
        ),
        Row(
            pattern: "/api/v1/users/{id}",
            path: "/users/nobody",
            allow: "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
            methods: ["GET": .signedIn(404), "PUT": .signedIn(404), "PATCH": .signedIn(404), "DELETE": .signedIn(404)]
        ),
        Row(pattern: "/api/v1/me", path: "/me", allow: "GET, HEAD, OPTIONS", methods: ["GET": .signedIn(200)]),
        Row(
            pattern: "/api/v1/users/{id}/sessions",
            path: "/users/\(UserID.fixture(Person.ben.rawValue))/sessions",
            allow: "GET, DELETE, HEAD, OPTIONS",
            methods: ["GET": .administrator(200), "DELETE": .administrator(204)]
        ),
        Row(
            pattern: "/api/v1/users/{id}/api-keys",
            path: "/users/\(UserID.fixture(Person.ben.rawValue))/api-keys",
            allow: "GET, DELETE, HEAD, OPTIONS",
            methods: ["GET": .administrator(200), "DELETE": .administrator(204)]
        ),
        Row(
            pattern: "/api/v1/api-keys",
            path: "/api-keys",
            allow: "POST, GET, HEAD, OPTIONS",
            methods: ["POST": .signedIn(201), "GET": .signedIn(200)]
        ),
        Row(
            pattern: "/api/v1/api-keys/{id}",
            path: "/api-keys/\(APIKeyID.fixture(99))",
            allow: "DELETE, OPTIONS",
            methods: ["DELETE": .signedIn(404)]
        ),
        Row(
            pattern: "/api/v1/me/password",
            path: "/me/password",
            allow: "POST, OPTIONS",
            methods: ["POST": .signedIn(400)]
        ),
        Row(
            pattern: "/api/v1/sessions",
            path: "/sessions",
            allow: "POST, GET, DELETE, HEAD, OPTIONS",
            methods: ["POST": .anyone(201), "GET": .signedIn(200), "DELETE": .signedIn(204)]
        ),
        Row(
            pattern: "/api/v1/sessions/{id}",
            path: "/sessions/\(SessionID.fixture(99))",
            allow: "DELETE, OPTIONS",
            methods: ["DELETE": .signedIn(404)]
        ),
        Row(
            pattern: "/api/v1/sessions/current",
            path: "/sessions/current",
            allow: "DELETE, OPTIONS",
            methods: ["DELETE": .signedIn(204)]
        ),
        Row(
            pattern: "/api/v1/audit-events",
            path: "/audit-events",
            allow: "GET, HEAD, OPTIONS",
            methods: ["GET": .administrator(200)]
        ),
        Row(
            pattern: "/api/v1/events",
            path: "/events",
            allow: "GET, HEAD, OPTIONS",
            methods: ["GET": .administrator(200)]
        ),
        Row(
            pattern: "/api/v1/webhooks",
            path: "/webhooks",
            allow: "POST, GET, HEAD, OPTIONS",
            methods: ["POST": .administrator(400), "GET": .administrator(200)]
        ),
        Row(
            pattern: "/api/v1/webhooks/{id}",
            path: "/webhooks/\(WebhookID.fixture(99))",
            allow: "GET, PATCH, DELETE, HEAD, OPTIONS",
            methods: ["GET": .administrator(404), "PATCH": .administrator(400), "DELETE": .administrator(404)]
        ),
        Row(
            pattern: "/api/v1/webhooks/{id}/deliveries",
            path: "/webhooks/\(WebhookID.fixture(99))/deliveries",
            allow: "GET, HEAD, OPTIONS",
            methods: ["GET": .administrator(404)]
        ),
        Row(
            pattern: "/api/v1/webhooks/{id}/dead-letters",
            path: "/webhooks/\(WebhookID.fixture(99))/dead-letters",
            allow: "GET, HEAD, OPTIONS",
            methods: ["GET": .administrator(404)]
        ),
        Row(
            pattern: "/api/v1/webhooks/{id}/replays",
            path: "/webhooks/\(WebhookID.fixture(99))/replays",
            allow: "POST, OPTIONS",
            methods: ["POST": .administrator(404)]
        ),
        Row(
            pattern: "/api/v1/password-resets",
            path: "/password-resets",
            allow: "POST, OPTIONS",
            methods: ["POST": .anyone(400)]
        ),
        Row(
            pattern: "/api/v1/password-resets/confirmations",
            path: "/password-resets/confirmations",
            allow: "POST, OPTIONS",
            methods: ["POST": .anyone(400)]
        ),
        Row(
            pattern: "/api/v1/email-verifications",
            path: "/email-verifications",
            allow: "GET, POST, HEAD, OPTIONS",
            methods: ["GET": .signedIn(200), "POST": .signedIn(202)]
        ),
        Row(
            pattern: "/api/v1/email-verifications/confirmations",
            path: "/email-verifications/confirmations",
            allow: "POST, OPTIONS",
            methods: ["POST": .anyone(400)]
        ),
        Row(
            pattern: "/api/v1/email-changes",
            path: "/email-changes",
            allow: "POST, OPTIONS",
            methods: ["POST": .signedIn(400)]
        ),
        Row(
            pattern: "/api/v1/email-changes/confirmations",
            path: "/email-changes/confirmations",
            allow: "POST, OPTIONS",
            methods: ["POST": .anyone(400)]
        ),
    ]

    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "get"]

    @Test(arguments: rows, ["/api/v1", "/api"])
    func `every caller gets by every method what the table says`(row: Row, prefix: String) throws {
        try walk(row, path: prefix + row.path)
    }

    @Test(arguments: ["/health", "/health/ready", "/health/live"])
    func `the health is told to everybody, without a version`(path: String) throws {
        let row = Row(pattern: path, path: path, allow: "GET, HEAD, OPTIONS", methods: ["GET": .anyone(200)])
        try walk(row, path: path)
    }

    @Test(
        arguments: [
            "/", "", "/api", "/api/", "/api/v1", "/api/v2/users", "/api/v1/users/", "/api/v1//users", "//api/v1/users",
            "/x/../api/v1/users", "/api/v1/./users", "/API/v1/users", "/api/v1/user", "/users", "/api/v1/health",
            "/api/v1/users%2Fnobody", "/api/v1/users/%FF", "/api/v1/users/%zz", "/api/v1/sessions/x/y", "/health/",
            "/status", "/metrics",
            "/api/v1/v1/users", "/api/v1/me/x", "*",
        ]
    )
    func `what is not there is 404 to everybody, by every method`(path: String) throws {
        let site = try Site()
        for caller in Caller.allCases {
            for method in Self.methods {
                let response = try site.send(request(method, path, caller))
                #expect(response.status == .notFound, "\(method) \(path) by \(caller)")
            }
        }
    }

    private func walk(_ row: Row, path: String) throws {
        for caller in Caller.allCases {
            for method in Self.methods {
                let site = try Site()
                site.registrationIsOpen = row.registrationIsOpen
                let response = try site.send(request(method, path, caller))
                let about = "\(method) \(path) by \(caller)" as Comment
                #expect(response.status.code == expected(row, method, caller), about)
                #expect(site.lastLine.contains("\"route\":\"\(row.pattern)\""), about)
                switch response.status {
                case .methodNotAllowed: #expect(response.field("Allow") == row.allow, about)
                case .noContent where method == "OPTIONS": #expect(response.field("Allow") == row.allow, about)
                default: #expect(response.field("Allow") == nil, about)
                }
            }
        }
    }

    private func expected(_ row: Row, _ method: String, _ caller: Caller) -> Int {
        if method == "OPTIONS" { return 204 }
        return row.methods[method == "HEAD" ? "GET" : method]?.status(for: caller) ?? 405
    }

    private func request(_ method: String, _ path: String, _ caller: Caller) -> ClientRequest {
        var fields = [(name: "Accept", value: "*/*")]
        if let authorization = caller.authorization { fields.append(("Authorization", authorization)) }
        guard ["POST", "PUT", "PATCH"].contains(method) else { return ClientRequest(method, path, fields: fields) }
        fields.append(("Content-Type", "application/json"))
        return ClientRequest(method, path, fields: fields, body: body(method, path))
    }

    private func body(_ method: String, _ path: String) -> String {
        if path.hasSuffix("/sessions") {
            return #"{"email": "cleo@example.com", "password": "the password of cleo"}"#
        }
        if path.hasSuffix("/api-keys") { return #"{"name": "Backup"}"# }
        let user = #""email": "new@example.com", "name": "New""#
        return method == "POST" ? "{\(user), \"password\": \"a password to choose\"}" : "{\(user)}"
    }
}
