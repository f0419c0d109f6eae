import Domain
import HTTPPipeline
import JSON
import TestSupport
import Testing

/// Sessions of browsers, which keep the token in a cookie.
struct SessionCookieTests {
    private let site: Site
    private let removal = "__Host-gatehouse=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax"
    private let mine = "/users/\(UserID.fixture(Person.ben.rawValue))"

    init() throws {
        site = try Site()
    }

    private func send(
        _ method: String,
        _ path: String,
        _ fields: [(name: String, value: String)],
        body: String = ""
    ) throws -> Response {
        let fields = fields + [(name: "Content-Type", value: "application/json")]
        return try site.send(ClientRequest(method, "/api/v1\(path)", fields: fields, body: body))
    }

    private func cookie(_ token: String) -> (name: String, value: String) { ("Cookie", "__Host-gatehouse=\(token)") }

    private let asked = (name: "X-Requested-With", value: "page")

    private func signIn(cookie: String) throws -> Response {
        let body = #"{"email": "ben@example.com", "password": "the password of ben", "cookie": \#(cookie)}"#
        return try send("POST", "/sessions", [], body: body)
    }

    @Test func `a sign-in by cookie sets it and shows no token`() throws {
        let response = try signIn(cookie: "true")
        #expect(response.status == .created)
        #expect(try response.data.members.map(\.name) == ["id", "expires_at", "user"])
        let set = try #require(response.values(of: "Set-Cookie").first)
        let parts = set.split(separator: "; ").map(String.init)
        #expect(parts.dropFirst() == ["Max-Age=7776000", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"])
        let token = try #require(parts.first?.split(separator: "=").last.map(String.init))
        #expect(SessionToken(token) != nil)
        #expect(try send("GET", "/me", [cookie(token)]).status == .ok)
        #expect(try send("GET", "/me", [("Authorization", "Bearer \(token)")]).status == .ok)
    }

    @Test func `a sign-in without cookie sets none`() throws {
        let response = try signIn(cookie: "false")
        #expect(try response.data["token"] != nil)
        #expect(response.values(of: "Set-Cookie").isEmpty)
    }

    @Test(arguments: ["GET", "HEAD"])
    func `reading by cookie needs no further header`(method: String) throws {
        #expect(try send(method, "/me", [cookie(Token.member)]).status == .ok)
    }

    @Test(arguments: [("PATCH", #"{"name": "New"}"#), ("DELETE", "")])
    func `a change by cookie needs a header that no other site can send`(method: String, body: String) throws {
        let refused = try send(method, mine, [cookie(Token.member)], body: body)
        #expect(refused.status == .forbidden)
        #expect(try refused.errorCode == "FORBIDDEN")
        #expect(String(decoding: refused.body, as: UTF8.self).contains("X-Requested-With"))
        #expect(try site.unitOfWork.read { try $0.users.find(Person.ben.user.id) } == Person.ben.user)
        #expect(try send(method, mine, [cookie(Token.member), asked], body: body).status.code < 300)
    }

    @Test func `where both are sent, the header counts`() throws {
        let ben = cookie(Token.member)
        let ada = (name: "Authorization", value: "Bearer \(Token.administrator)")
        #expect(try send("GET", "/me", [ben, ada]).data["id"] == .string(Person.ada.user.id.description))
        #expect(try send("PATCH", mine, [ben, ada], body: #"{"name": "New"}"#).status == .ok)
        for other in ["Bearer \(Token.unknown)", "Basic YWRhOng="] {
            let response = try send("GET", "/me", [ben, ("Authorization", other)])
            #expect(response.status == .unauthorized)
            #expect(response.values(of: "Set-Cookie").isEmpty)
        }
    }

    @Test func `the first cookie of the name counts, and no other`() throws {
        func status(_ field: String) throws -> Int { try send("GET", "/me", [("Cookie", field)]).status.code }
        let (name, good, bad) = ("__Host-gatehouse", Token.member, Token.unknown)
        #expect(try status("theme=dark; \(name)=\(good); \(name)=\(bad)") == 200)
        #expect(try status("\(name)=\(bad); \(name)=\(good)") == 401)
        #expect(try status("\(name)=\"\(good)\"") == 401)
        #expect(try status("theme=dark") == 401)
        #expect(try status("__host-gatehouse=\(good)") == 401)
        #expect(try status("gatehouse=\(good)") == 401)
    }

    @Test(arguments: [(Token.expired, "SESSION_EXPIRED"), (Token.unknown, "UNAUTHENTICATED"), ("", "UNAUTHENTICATED")])
    func `a cookie that proves nothing is taken away`(token: String, code: String) throws {
        let response = try send("GET", "/me", [cookie(token)])
        #expect(response.status == .unauthorized)
        #expect(try response.errorCode == code)
        #expect(response.values(of: "Set-Cookie") == [removal])
    }

    @Test(arguments: ["/sessions/current", "/sessions", "/sessions/\(SessionID.fixture(2))"])
    func `signing out takes the cookie away`(path: String) throws {
        let response = try send("DELETE", path, [cookie(Token.member), asked])
        #expect(response.status == .noContent)
        #expect(response.values(of: "Set-Cookie") == [removal])
        #expect(try send("GET", "/me", [cookie(Token.member)]).status == .unauthorized)
    }

    @Test func `signing out by the header leaves the cookie, which is another session's`() throws {
        let both = [cookie(Token.administrator), (name: "Authorization", value: "Bearer \(Token.member)")]
        #expect(try send("DELETE", "/sessions/current", both).values(of: "Set-Cookie").isEmpty)
    }

    @Test func `where anyone may come, a cookie is not looked at`() throws {
        let response = try send(
            "POST",
            "/sessions",
            [cookie(Token.unknown)],
            body: #"{"email": "ben@example.com", "password": "the password of ben"}"#
        )
        #expect(response.status == .created)
    }
}
