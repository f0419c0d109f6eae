import Domain
import JSON
import TestSupport
import Testing

/// What the access log tells of requests; that it tells no secret is among the ``AnswerLaws``.
struct AccessLogTests {
    private let site: Site

    init() throws {
        site = try Site()
    }

    private func line(_ request: ClientRequest) throws -> JSONObject {
        try site.send(request)
        guard case .object(let members) = try JSONReader.read(Array(site.lastLine.utf8)) else {
            Issue.record("no object: \(site.lastLine)")
            return JSONObject()
        }
        return members
    }

    private func by(_ token: String) -> [(name: String, value: String)] {
        [("Authorization", "Bearer \(token)"), ("User-Agent", "Browser/1.0"), ("Content-Type", "application/json")]
    }

    @Test(arguments: ["/api/v1", "/api"])
    func `the pattern of the route and the caller are told`(prefix: String) throws {
        let cleo = UserID.fixture(Person.cleo.rawValue).description
        let line = try line(ClientRequest("DELETE", "\(prefix)/users/\(cleo)", fields: by(Token.administrator)))
        #expect(line["route"] == .string("/api/v1/users/{id}"))
        #expect(line["path"] == .string("\(prefix)/users/\(cleo)"))
        #expect(line["method"] == .string("DELETE"))
        #expect(line["user"] == .string(UserID.fixture(Person.ada.rawValue).description))
        #expect(line["address"] == .string("192.0.2.7"))
        #expect(line["error"] == nil)
    }

    @Test func `a sign-in tells who it was, and neither address nor password`() throws {
        let body = #"{"email": "ben@example.com", "password": "the password of ben"}"#
        let line = try line(ClientRequest("POST", "/api/v1/sessions", fields: by(Token.unknown), body: body))
        #expect(line["user"] == .string(UserID.fixture(Person.ben.rawValue).description))
        #expect(!site.lastLine.contains("ben@example.com"))
        #expect(!site.lastLine.contains("Browser"))
    }

    @Test func `a sign-in that failed tells only that`() throws {
        let body = #"{"email": "ben@example.com", "password": "a wrong password"}"#
        let line = try line(ClientRequest("POST", "/api/v1/sessions", fields: by(Token.unknown), body: body))
        #expect(line["user"] == nil)
        #expect(line["error"] == .string("INVALID_CREDENTIALS"))
        #expect(line["level"] == .string("info"))
        #expect(!site.lastLine.contains("ben@example.com"))
    }

    @Test func `who is refused by role is told by name`() throws {
        let line = try line(ClientRequest("GET", "/api/v1/users", fields: by(Token.member)))
        #expect(line["user"] == .string(UserID.fixture(Person.ben.rawValue).description))
        #expect(line["error"] == .string("FORBIDDEN"))
    }

    @Test func `what the client is not told about a refusal stands here`() throws {
        site.unitOfWork.failureOfNextChange = DomainError.unavailable("the writer did not come free")
        let cleo = UserID.fixture(Person.cleo.rawValue)
        let line = try line(ClientRequest("DELETE", "/api/v1/users/\(cleo)", fields: by(Token.administrator)))
        #expect(line["error"] == .string("UNAVAILABLE"))
        #expect(line["fault"] == .string("the writer did not come free"))
    }

    @Test func `a path that leads nowhere is told without its query and has no route`() throws {
        let line = try line(ClientRequest("GET", "/api/v1/nobody?token=x"))
        #expect(line["route"] == nil)
        #expect(line["path"] == .string("/api/v1/nobody"))
    }
}
