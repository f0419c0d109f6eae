import Domain
import HTTPPipeline
import JSON
import TestSupport
import Testing

/// API keys over HTTP.
struct APIKeyRoutesTests {
    private let site: Site

    init() throws {
        site = try Site()
    }

    private func send(_ method: String, _ path: String, by token: String, body: String = "") throws -> Response {
        let fields = [
            (name: "Content-Type", value: "application/json"),
            (name: "Authorization", value: "Bearer \(token)"),
        ]
        return try site.send(ClientRequest(method, "/api/v1\(path)", fields: fields, body: body))
    }

    private func create(_ body: String, by token: String = Token.member) throws -> Response {
        try send("POST", "/api-keys", by: token, body: body)
    }

    private func key(_ access: String, by token: String = Token.member) throws -> String {
        try #require(try create(#"{"name": "Backup", "access": "\#(access)"}"#, by: token).data["key"]?.string)
    }

    @Test func `a key is shown once, with where it stands`() throws {
        let response = try create(#"{"name": "Backup", "expires_at": "2026-01-02T04:04:05+01:00", "access": "write"}"#)
        #expect(response.status.code == 400)
        let made = try create(#"{"name": "Backup", "expires_at": "2026-02-02T04:04:05+01:00", "access": "write"}"#)
        #expect(made.status == .created)
        #expect(made.field("Cache-Control") == "no-store")
        let data = try made.data
        #expect(
            data.members.map(\.name) == ["id", "key", "name", "access", "created_at", "last_used_at", "expires_at"]
        )
        #expect(made.field("Location") == "/api/v1/api-keys/\(data["id"]?.string ?? "")")
        #expect(data["access"] == .string("write"))
        #expect(data["expires_at"] == .string("2026-02-02T03:04:05.000000Z"))
        #expect(data["last_used_at"] == .null)
        #expect(APIKeyToken(data["key"]?.string ?? "") != nil)
    }

    @Test func `a key that nothing is said about only reads and never expires`() throws {
        let data = try create(#"{"name": "Backup"}"#).data
        #expect(data["access"] == .string("read"))
        #expect(data["expires_at"] == .null)
    }

    @Test(arguments: [
        ("{}", "name"), (#"{"name": ""}"#, "name"), (#"{"name": "B", "access": "all"}"#, "access"),
        (#"{"name": "B", "expires_at": "tomorrow"}"#, "expires_at"),
        (#"{"name": "B", "expires_at": "2026-01-02T03:04:05Z"}"#, "expires_at"),
        (#"{"name": "B", "scope": "x"}"#, "scope"),
    ])
    func `what is wrong with a new key is told by field`(body: String, field: String) throws {
        let response = try create(body)
        #expect(response.status.code == 400)
        #expect(String(decoding: response.body, as: UTF8.self).contains("\"field\":\"\(field)\""))
    }

    @Test func `the list shows keys without their secrets`() throws {
        let key = try key("read")
        _ = try send("GET", "/me", by: key)
        let response = try send("GET", "/api-keys", by: key)
        #expect(response.field("Link") == #"</api/v1/api-keys>; rel="first", </api/v1/api-keys>; rel="last""#)
        guard case .array(let rows)? = try response.bodyObject["data"], rows.count == 1, case .object(let row) = rows[0]
        else {
            Issue.record("no row")
            return
        }
        #expect(row.members.map(\.name) == ["id", "name", "access", "created_at", "last_used_at", "expires_at"])
        #expect(row["last_used_at"] == .string("2026-01-02T03:04:05.678901Z"))
        #expect(site.lastLine.contains("\"user\":\"\(Person.ben.user.id)\""))
    }

    @Test func `a key for reading reads, and is refused all changes`() throws {
        let key = try key("read", by: Token.administrator)
        let ben = "/users/\(Person.ben.user.id)"
        for (method, path) in [("GET", "/me"), ("HEAD", "/me"), ("GET", "/users"), ("GET", "/sessions"), ("GET", ben)] {
            #expect(try send(method, path, by: key).status == .ok, "\(method) \(path)")
        }
        for (method, path) in [
            ("PATCH", ben), ("PUT", ben), ("DELETE", ben), ("POST", "/users"), ("DELETE", "/sessions"),
            ("DELETE", "\(ben)/sessions"), ("DELETE", "\(ben)/api-keys"), ("POST", "/api-keys"),
            ("POST", "/me/password"), ("DELETE", "/sessions/current"), ("DELETE", "/api-keys/\(APIKeyID.fixture(1))"),
        ] {
            let response = try send(method, path, by: key, body: #"{"name": "New"}"#)
            #expect(response.status == .forbidden, "\(method) \(path)")
            #expect(try response.errorCode == "FORBIDDEN")
        }
        site.registrationIsOpen = true
        #expect(try send("POST", "/users", by: key, body: "{}").status == .forbidden)
    }

    @Test func `a key for writing makes changes, but no keys and no passwords, and has no session to end`() throws {
        let key = try key("write", by: Token.administrator)
        let ben = "/users/\(Person.ben.user.id)"
        #expect(try send("PATCH", ben, by: key, body: #"{"name": "New"}"#).status == .ok)
        for (method, path, body) in [
            ("POST", "/api-keys", #"{"name": "Another"}"#),
            ("POST", "/me/password", #"{"current": "the password of ada", "new": "quantal vellum ostrich"}"#),
            ("PATCH", ben, #"{"password": "quantal vellum ostrich"}"#),
            ("POST", "/users", #"{"email": "n@example.com", "name": "N", "password": "quantal vellum ostrich"}"#),
            ("DELETE", "/sessions/current", ""),
        ] {
            let response = try send(method, path, by: key, body: body)
            #expect(response.status == .forbidden, "\(method) \(path)")
            #expect(String(decoding: response.body, as: UTF8.self).contains("needs a session"))
        }
    }

    @Test func `a key that has expired is told so`() throws {
        let body = #"{"name": "Backup", "expires_at": "2026-01-02T03:05:05Z"}"#
        let key = try #require(try create(body).data["key"]?.string)
        site.clock.advance(seconds: 60)
        let response = try send("GET", "/me", by: key)
        #expect(response.status == .unauthorized)
        #expect(try response.errorCode == "UNAUTHENTICATED")
        #expect(String(decoding: response.body, as: UTF8.self).contains("The API key has expired."))
    }

    @Test func `keys are ended by their ids, by an administrator all at once, and with their user`() throws {
        let (first, second) = (try create(#"{"name": "A"}"#), try create(#"{"name": "B"}"#))
        let path = "/api-keys/\(try first.data["id"]?.string ?? "")"
        #expect(try send("DELETE", path, by: Token.administrator).status == .notFound)
        #expect(try send("DELETE", path, by: Token.member).status == .noContent)
        #expect(try send("DELETE", path, by: Token.member).status == .notFound)
        #expect(try send("DELETE", "/api-keys/none", by: Token.member).status == .notFound)
        #expect(try send("GET", "/me", by: first.data["key"]?.string ?? "").status == .unauthorized)
        let ofBen = "/users/\(Person.ben.user.id)/api-keys"
        #expect(try send("GET", ofBen, by: Token.member).status == .forbidden)
        guard case .array(let rows)? = try send("GET", ofBen, by: Token.administrator).bodyObject["data"] else {
            Issue.record("no list")
            return
        }
        #expect(rows.count == 1)
        #expect(try send("DELETE", ofBen, by: Token.administrator).status == .noContent)
        #expect(try send("GET", "/me", by: second.data["key"]?.string ?? "").status == .unauthorized)
        let third = try key("read")
        let disabled = #"{"status": "disabled"}"#
        let ben = "/users/\(Person.ben.user.id)"
        #expect(try send("PATCH", ben, by: Token.administrator, body: disabled).status == .ok)
        #expect(try send("GET", "/me", by: third).status == .unauthorized)
    }

    @Test func `a key is no cookie`() throws {
        let fields = [(name: "Cookie", value: "__Host-gatehouse=\(try key("read"))")]
        #expect(try site.send(ClientRequest("GET", "/api/v1/me", fields: fields)).status == .unauthorized)
    }
}
