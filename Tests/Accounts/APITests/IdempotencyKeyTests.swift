import Domain
import HTTPPipeline
import JSON
import RateLimiting
import TestSupport
import Testing

/// Changes to which clients give names of their own.
struct IdempotencyKeyTests {
    private let site: Site

    init() throws {
        site = try Site()
    }

    private static let body = #"{"email": "new@example.com", "name": "New"}"#

    private func post(
        _ key: String?,
        _ body: String = body,
        to path: String = "/api/v1/users",
        by token: String? = Token.administrator,
        isTriedAgain: Bool = false,
        accept: String = "*/*"
    ) throws -> Response {
        var fields = [(name: "Content-Type", value: "application/json"), (name: "Accept", value: accept)]
        if let key { fields.append(("Idempotency-Key", key)) }
        if let token { fields.append(("Authorization", "Bearer \(token)")) }
        return try site.send(ClientRequest("POST", path, fields: fields, body: body), isTriedAgain: isTriedAgain)
    }

    private var users: Int {
        get throws { try site.unitOfWork.read { try $0.users.count() } }
    }

    @Test func `the same again is answered as the first time, and says so`() throws {
        let before = try users
        let first = try post("a-key")
        #expect(first.status == .created)
        #expect(first.field("Idempotency-Replayed") == nil)
        for key in ["a-key", "\"a-key\""] {
            let again = try post(key)
            #expect(again.status == .created)
            #expect(again.body == first.body)
            #expect(again.field("Location") == first.field("Location"))
            #expect(again.field("ETag") == first.field("ETag"))
            #expect(again.field("Idempotency-Replayed") == "true")
        }
        #expect(try users == before + 1)
    }

    @Test(arguments: [
        #"{"name":"New","email":"new@example.com"}"#,
        #" { "name" : "New" , "email" : "\u006eew@example.com" } "#,
    ])
    func `a body that says the same is the same`(body: String) throws {
        #expect(try post("a-key").status == .created)
        #expect(try post("a-key", body).field("Idempotency-Replayed") == "true")
        #expect(try post("a-key", body, to: "/api/users").field("Idempotency-Replayed") == "true")
    }

    @Test func `something else under the same key is refused`() throws {
        #expect(try post("a-key").status == .created)
        let state = site.unitOfWork.state
        let other = try post("a-key", #"{"email": "new@example.com", "name": "Newer"}"#)
        #expect(other.status == .unprocessableContent)
        #expect(try other.errorCode == "IDEMPOTENCY_KEY_REUSED")
        let elsewhere = try post("a-key", #"{"name": "Key"}"#, to: "/api/v1/api-keys")
        #expect(try elsewhere.errorCode == "IDEMPOTENCY_KEY_REUSED")
        #expect(site.unitOfWork.state == state)
    }

    @Test func `a key holds for one caller`() throws {
        let body = #"{"name": "Key"}"#
        let first = try post("a-key", body, to: "/api/v1/api-keys", by: Token.member)
        let other = try post("a-key", body, to: "/api/v1/api-keys", by: Token.administrator)
        #expect(first.status == .created && other.status == .created)
        #expect(try first.data["id"] != other.data["id"])
        let again = try post("a-key", body, to: "/api/v1/api-keys", by: Token.member)
        #expect(try again.data["key"] == first.data["key"])
    }

    @Test func `who is not signed in cannot name a change`() throws {
        site.registrationIsOpen = true
        let body = #"{"email": "new@example.com", "name": "New", "password": "a long sentence of mine"}"#
        let response = try post("a-key", body, by: nil)
        #expect(response.status == .badRequest)
        #expect(try response.errorCode == "IDEMPOTENCY_KEY_INVALID")
        let credentials = #"{"email": "ben@example.com", "password": "the password of ben"}"#
        #expect(try post("a-key", credentials, to: "/api/v1/sessions").errorCode == "IDEMPOTENCY_KEY_INVALID")
        #expect(try post(nil, body, by: nil).status == .created)
    }

    @Test(arguments: ["\"\"", "a key", "\"a key\"", "\"a", "a\u{E9}", "\"a\";x=1", String(repeating: "x", count: 256)])
    func `what is no key is refused`(key: String) throws {
        let before = try users
        #expect(try post(key).errorCode == "IDEMPOTENCY_KEY_INVALID")
        #expect(try users == before)
    }

    @Test func `while the first is being answered the second is told to wait`() throws {
        site.leases.areHeld = true
        let response = try post("a-key")
        #expect(response.status == .conflict)
        #expect(try response.errorCode == "REQUEST_IN_PROGRESS")
        #expect(response.field("Retry-After") == "1")
        site.leases.areHeld = false
        #expect(try post("a-key").status == .created)
        // What is done needs nobody to wait.
        site.leases.areHeld = true
        #expect(try post("a-key").field("Idempotency-Replayed") == "true")
        #expect(site.leases.held == 0)
    }

    @Test func `one that was finished by another in the meantime is not made again`() throws {
        let before = try users
        var first: Response?
        // The first look, and the lease, came a moment too early: the transaction looks again.
        site.unitOfWork.beforeNextChange = { first = try post("a-key") }
        let second = try post("a-key")
        #expect(second.body == first?.body)
        #expect(second.field("Idempotency-Replayed") == "true")
        #expect(try users == before + 1)
    }

    @Test func `one that somebody finished for something else in the meantime is refused`() throws {
        site.unitOfWork.beforeNextChange = { _ = try post("a-key") }
        let second = try post("a-key", #"{"email": "other@example.com", "name": "Other"}"#)
        #expect(try second.errorCode == "IDEMPOTENCY_KEY_REUSED")
    }

    @Test(arguments: [
        (#"{"email": "ben@example.com", "name": "New"}"#, 409),
        (#"{"email": "no address", "name": "New"}"#, 400),
    ])
    func `a refusal is kept, also where it would be none any more`(body: String, status: Int) throws {
        let first = try post("a-key", body)
        #expect(first.status.code == status)
        try site.unitOfWork.perform { _ = try $0.users.delete(.fixture(Person.ben.rawValue)) }
        let again = try post("a-key", body)
        #expect(again.status.code == status)
        #expect(again.body == first.body)
        #expect(again.field("Idempotency-Replayed") == "true")
        #expect(try post("a-key").errorCode == "IDEMPOTENCY_KEY_REUSED")
    }

    @Test func `a refusal is kept in the shape that was asked for`() throws {
        let body = #"{"email": "ben@example.com", "name": "New"}"#
        let first = try post("a-key", body, accept: "application/problem+json")
        #expect(first.field("Content-Type") == MediaType.problem)
        #expect(try post("a-key", body).body == first.body)
    }

    @Test func `what was refused for reasons that pass is not kept`() throws {
        site.unitOfWork.failureOfNextChange = DomainError.unavailable("busy")
        #expect(try post("a-key").status == .serviceUnavailable)
        struct Broken: Error {}
        site.unitOfWork.failureOfNextChange = Broken()
        #expect(try post("a-key").status == .internalServerError)
        #expect(try post("a-key").status == .created)
    }

    @Test(arguments: ["", "{", "[1", #"{"name": "a", "name": "b"}"#])
    func `a body that cannot be read is not kept`(body: String) throws {
        #expect(try post("a-key", body).errorCode == "MALFORMED_JSON")
        #expect(try post("a-key").status == .created)
    }

    @Test func `a second try of the web server is answered as the first, which was none again`() throws {
        let first = try post("a-key")
        let second = try post("a-key", isTriedAgain: true)
        #expect(second.exchangeText == first.exchangeText)
        let again = try post("a-key")
        #expect(try post("a-key", isTriedAgain: true).exchangeText == again.exchangeText)
    }

    @Test func `the key of another method is not looked at`() throws {
        let fields = [
            (name: "Content-Type", value: "application/json"), (name: "Idempotency-Key", value: "a key"),
            (name: "Authorization", value: "Bearer \(Token.member)"),
        ]
        let path = "/api/v1/users/\(UserID.fixture(Person.ben.rawValue))"
        let request = ClientRequest("PATCH", path, fields: fields, body: #"{"name": "Benjamin"}"#)
        #expect(try site.send(request).status == .ok)
    }
}
