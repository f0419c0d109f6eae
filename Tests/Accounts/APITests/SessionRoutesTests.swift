import Domain
import HTTPPipeline
import JSON
import TestSupport
import Testing

/// What sessions look like over HTTP, and how passwords are changed.
struct SessionRoutesTests {
    private let site: Site

    init() throws {
        site = try Site()
    }

    private func send(_ method: String, _ path: String, by token: String?, body: String = "") throws -> Response {
        var fields = [(name: "Content-Type", value: "application/json"), (name: "User-Agent", value: "Browser/1.0")]
        if let token { fields.append(("Authorization", "Bearer \(token)")) }
        return try site.send(ClientRequest(method, "/api/v1\(path)", fields: fields, body: body))
    }

    private func signIn(_ person: Person, password: String? = nil) throws -> String {
        let password = password ?? person.password ?? ""
        let body = #"{"email": "\#(person)@example.com", "password": "\#(password)"}"#
        let response = try send("POST", "/sessions", by: nil, body: body)
        return try #require(response.data["token"]?.string)
    }

    @Test func `the list shows each session and which is the current one`() throws {
        site.clock.advance(seconds: 1)
        let token = try signIn(.ben)
        let response = try send("GET", "/sessions", by: token)
        #expect(response.status == .ok)
        #expect(response.field("Cache-Control") == "private, no-cache")
        #expect(response.field("Link") == #"</api/v1/sessions>; rel="first", </api/v1/sessions>; rel="last""#)
        let body = try response.bodyObject
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.hasSuffix(#""meta":{"page":1,"per_page":100,"total":2}}"#))
        guard case .array(let rows)? = body["data"], rows.count == 2,
            case .object(let first) = rows[0], case .object(let second) = rows[1]
        else {
            Issue.record("no two rows")
            return
        }
        #expect(
            first.members.map(\.name) == [
                "id", "created_at", "last_seen_at", "expires_at", "address", "user_agent", "current",
            ]
        )
        #expect(first["created_at"] == .string("2026-01-02T03:04:06.678901Z"))
        #expect(first["expires_at"] == .string("2026-01-16T03:04:06.678901Z"))
        #expect(first["address"] == .string("192.0.2.7"))
        #expect(first["user_agent"] == .string("Browser/1.0"))
        #expect(first["current"] == .bool(true))
        #expect(second["id"] == .string("\(SessionID.fixture(2))"))
        #expect(second["current"] == .bool(false))
    }

    @Test(arguments: [
        ("Bearer ", 200), ("bearer ", 200), ("BEARER   ", 200), (" Bearer ", 200),
        ("Bearer", 401), ("Bearer\t", 401), ("Bearer \u{301}", 401), ("Basic ", 401), ("", 401),
    ])
    func `a token counts behind its scheme in any case and one space or more`(scheme: String, status: Int) throws {
        let fields = [(name: "Authorization", value: scheme + Token.member)]
        #expect(try site.send(ClientRequest("GET", "/api/v1/me", fields: fields)).status.code == status)
    }

    @Test func `one's own sessions end by their ids, another's are not there`() throws {
        #expect(try send("DELETE", "/sessions/\(SessionID.fixture(1))", by: Token.member).status == .notFound)
        #expect(try send("DELETE", "/sessions/none", by: Token.member).status == .notFound)
        let token = try signIn(.ben)
        #expect(try send("DELETE", "/sessions/\(SessionID.fixture(2))", by: token).status == .noContent)
        #expect(try send("GET", "/me", by: Token.member).status == .unauthorized)
        #expect(try send("GET", "/me", by: token).status == .ok)
        #expect(try send("DELETE", "/sessions", by: token).status == .noContent)
        #expect(try send("GET", "/me", by: token).status == .unauthorized)
        #expect(try send("GET", "/me", by: Token.administrator).status == .ok)
    }

    @Test func `an administrator sees and ends anybody's sessions`() throws {
        let path = "/users/\(UserID.fixture(Person.ben.rawValue))/sessions"
        let response = try send("GET", path, by: Token.administrator)
        guard case .array(let rows)? = try response.bodyObject["data"] else {
            Issue.record("no list")
            return
        }
        #expect(rows.count == 1)
        #expect(response.field("Link")?.contains("</api/v1\(path)>") == true)
        #expect(try send("DELETE", path, by: Token.administrator).status == .noContent)
        #expect(try send("GET", "/me", by: Token.member).status == .unauthorized)
        for path in ["/users/\(UserID.fixture(99))/sessions", "/users/none/sessions"] {
            #expect(try send("GET", path, by: Token.administrator).status == .notFound)
            #expect(try send("DELETE", path, by: Token.administrator).status == .notFound)
        }
    }

    @Test func `a password is changed, this session goes on and all others end`() throws {
        let token = try signIn(.ben)
        let body = #"{"current": "the password of ben", "new": "quantal vellum ostrich"}"#
        #expect(try send("POST", "/me/password", by: token, body: body).status == .noContent)
        #expect(try send("GET", "/me", by: token).status == .ok)
        #expect(try send("GET", "/me", by: Token.member).status == .unauthorized)
        _ = try signIn(.ben, password: "quantal vellum ostrich")
    }

    @Test(arguments: [
        ("the password of cleo", "quantal vellum ostrich", 401, "INVALID_CREDENTIALS"),
        ("the password of ben", "password12345678", 400, "VALIDATION_ERROR"),
        ("the password of ben", "ben@example.com1", 400, "VALIDATION_ERROR"),
        ("the password of ben", "too short", 400, "VALIDATION_ERROR"),
        ("", "", 400, "VALIDATION_ERROR"),
    ])
    func `a change that is refused changes nothing`(current: String, new: String, status: Int, code: String) throws {
        let body = #"{"current": "\#(current)", "new": "\#(new)"}"#
        let response = try send("POST", "/me/password", by: Token.member, body: body)
        #expect(response.status.code == status)
        #expect(try response.errorCode == code)
        _ = try signIn(.ben)
    }

    @Test func `a hash of lesser parameters is made anew at sign-in`() throws {
        site.hasher.strength = 2
        _ = try signIn(.ben)
        let stored = try site.unitOfWork.read { try $0.users.credentials(of: .fixture(Person.ben.rawValue)) }
        #expect(stored?.passwordHash == PasswordHash("cheap$2$the password of ben"))
        #expect(stored?.user == Person.ben.user)
        site.hasher.strength = 3
        _ = try signIn(.ben)
        #expect(site.hasher.calls == [.verify, .hash, .verify, .hash])
    }
}
