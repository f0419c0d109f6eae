import Domain
import HTTPPipeline
import JSON
import OpenAPI
import TestSupport
import Testing

/// A change that the web server asks for a second time, since the worker died that made it.
struct SecondTryTests {
    private let site: Site

    init() throws {
        site = try Site()
        site.registrationIsOpen = true
    }

    /// A change, and who makes it.
    struct Change: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        let token: String?
        var cookie = false
        var body = ""

        var testDescription: String { "\(method) \(path)" }

        var request: ClientRequest {
            var fields = [(name: "Content-Type", value: "application/json")]
            if cookie {
                fields += [("Cookie", "__Host-gatehouse=\(token ?? "")"), ("X-Requested-With", "fetch")]
            } else if let token {
                fields.append(("Authorization", "Bearer \(token)"))
            }
            return ClientRequest(method, path, fields: fields, body: body)
        }
    }

    private static let ben = UserID.fixture(Person.ben.rawValue)
    private static let changes = [
        Change(
            method: "POST",
            path: "/api/v1/users",
            token: nil,
            body: #"{"email": "new@example.com", "name": "New", "password": "a long sentence of mine"}"#
        ),
        Change(
            method: "POST",
            path: "/api/users",
            token: Token.administrator,
            body: #"{"email": "new@example.com", "name": "New"}"#
        ),
        Change(
            method: "POST",
            path: "/api/v1/users/batch",
            token: Token.administrator,
            body: #"{"users": [{"email": "a@example.com", "name": "A"}, {"email": "b@example.com", "name": "B"}]}"#
        ),
        Change(
            method: "PUT",
            path: "/api/v1/users/\(ben)",
            token: Token.member,
            body: #"{"email": "ben@example.com", "name": "Benjamin"}"#
        ),
        Change(method: "PATCH", path: "/api/v1/users/\(ben)", token: Token.member, body: #"{"name": "Benjamin"}"#),
        Change(method: "DELETE", path: "/api/v1/users/\(ben)", token: Token.member),
        Change(method: "DELETE", path: "/api/v1/users/\(ben)/sessions", token: Token.administrator),
        Change(method: "DELETE", path: "/api/v1/users/\(ben)/api-keys", token: Token.administrator),
        Change(
            method: "POST",
            path: "/api/v1/me/password",
            token: Token.member,
            body: #"{"current": "the password of ben", "new": "another long sentence"}"#
        ),
        Change(
            method: "POST",
            path: "/api/v1/sessions",
            token: nil,
            body: #"{"email": "ben@example.com", "password": "the password of ben"}"#
        ),
        Change(
            method: "POST",
            path: "/api/v1/sessions",
            token: nil,
            body: #"{"email": "ben@example.com", "password": "the password of ben", "cookie": true}"#
        ),
        Change(method: "DELETE", path: "/api/v1/sessions", token: Token.member),
        Change(method: "DELETE", path: "/api/v1/sessions/current", token: Token.member, cookie: true),
        Change(method: "DELETE", path: "/api/v1/sessions/\(SessionID.fixture(2))", token: Token.member),
        Change(method: "POST", path: "/api/v1/api-keys", token: Token.member, body: #"{"name": "Key"}"#),
        Change(
            method: "POST",
            path: "/api/v1/password-resets",
            token: nil,
            body: #"{"email": "ben@example.com"}"#
        ),
        Change(
            method: "POST",
            path: "/api/v1/password-resets/confirmations",
            token: nil,
            body: #"{"token": "gh_c_cmVzZXQgdGhlIHBhc3N3b3JkIG9mIHRoaXMgdXNlciE", "password": "correct horse battery"}"#
        ),
        Change(method: "POST", path: "/api/v1/email-verifications", token: Token.member),
        Change(
            method: "POST",
            path: "/api/v1/email-verifications/confirmations",
            token: nil,
            body: #"{"token": "gh_c_dmVyaWZ5IHRoZSBhZGRyZXNzIG9mIHRoaXMgdXNlciE"}"#
        ),
        Change(
            method: "POST",
            path: "/api/v1/email-changes",
            token: Token.member,
            body: #"{"email": "new@example.com"}"#
        ),
        Change(
            method: "POST",
            path: "/api/v1/email-changes/confirmations",
            token: nil,
            body: #"{"token": "gh_c_Y2hhbmdlIHRoZSBhZGRyZXNzIG9mIHRoaXMgdXNlciE"}"#
        ),
        Change(
            method: "POST",
            path: "/api/v1/webhooks",
            token: Token.administrator,
            body: #"{"url": "https://receiver.example/"}"#
        ),
        Change(
            method: "PATCH",
            path: "/api/v1/webhooks/\(WebhookID.fixture(1))",
            token: Token.administrator,
            body: #"{"status": "disabled"}"#
        ),
        Change(method: "DELETE", path: "/api/v1/webhooks/\(WebhookID.fixture(1))", token: Token.administrator),
        Change(method: "POST", path: "/api/v1/webhooks/\(WebhookID.fixture(1))/replays", token: Token.administrator),
    ]

    @Test(arguments: changes)
    func `a second try is answered as the first, and changes nothing more`(change: Change) throws {
        let first = try site.send(change.request)
        try #require(first.status.code < 300, "\(first.exchangeText)")
        let state = site.unitOfWork.state
        let hashes = site.hasher.calls.count
        let second = try site.send(change.request, isTriedAgain: true)
        #expect(second.exchangeText == first.exchangeText)
        #expect(second.body == first.body)
        #expect(site.unitOfWork.state == state)
        #expect(site.hasher.calls.count == hashes, "a password was hashed again")
    }

    @Test(arguments: changes)
    func `a second try that there is no room for is answered as the first`(change: Change) throws {
        let first = try site.send(change.request)
        try #require(first.status.code < 300, "\(first.exchangeText)")
        let state = site.unitOfWork.state
        var request = change.request
        request.isTurnedAway = true
        let second = try site.send(request, isTriedAgain: true)
        #expect(second.exchangeText == first.exchangeText)
        #expect(site.unitOfWork.state == state)
        // Another request, at the same moment, is none of it.
        #expect(try site.send(request).status == .serviceUnavailable)
    }

    @Test func `every route that changes something leaves a receipt`() throws {
        let routes = Set(
            site.operations.filter { $0.method != .get }.map { "\($0.method.rawValue) \($0.path)" }
        )
        let tried = Set(
            Self.changes.map { change in
                let path = change.path.split(separator: "/").map { $0.count == 36 ? "{id}" : String($0) }
                let versioned = path[1] == "v1" ? path : ["api", "v1"] + path.dropFirst()
                return "\(change.method) /\(versioned.joined(separator: "/"))"
            }
        )
        #expect(routes.subtracting(tried) == ["DELETE /api/v1/api-keys/{id}"], "tested below")
    }

    @Test func `an API key that was ended is ended once`() throws {
        let made = try site.send(
            Change(method: "POST", path: "/api/v1/api-keys", token: Token.member, body: #"{"name": "Key"}"#).request
        )
        let id = try #require(try made.data["id"]?.string)
        let end = Change(method: "DELETE", path: "/api/v1/api-keys/\(id)", token: Token.member).request
        #expect(try site.send(end).status == .noContent)
        #expect(try site.send(end, isTriedAgain: true).status == .noContent)
        #expect(try site.send(end).status == .notFound)
    }

    @Test func `a first try that was refused is carried out again`() throws {
        let change = Self.changes[4].request
        site.unitOfWork.failureOfNextChange = DomainError.unavailable("busy")
        #expect(try site.send(change).status == .serviceUnavailable)
        #expect(try site.send(change, isTriedAgain: true).status == .ok)
    }

    @Test func `the same id at another path or method is another request`() throws {
        let read = Change(method: "GET", path: "/api/v1/users/\(Self.ben)", token: Token.member).request
        let change = Self.changes[4].request
        #expect(try site.send(change).status == .ok)
        #expect(try site.send(read, isTriedAgain: true).data["name"]?.string == "Benjamin")
        #expect(try site.send(Self.changes[5].request, isTriedAgain: true).status == .noContent)
    }

    @Test func `what is stored of an answer shows no token`() throws {
        let response = try site.send(Self.changes[9].request)
        let token = try #require(try response.data["token"]?.string)
        let kept = try site.unitOfWork.read { transaction in
            try transaction.receipts.find(
                request: CheapReceiptSealing().key(
                    of: [
                        Array("request".utf8), Array("request-1".utf8), Array("POST".utf8),
                        Array("/api/v1/sessions".utf8),
                    ]
                    .flatMap { part in (0..<8).map { UInt8(truncatingIfNeeded: part.count >> ($0 * 8)) } + part }
                )
            )
        }
        let sealed = try #require(kept).sealed
        #expect(kept?.status == 201)
        #expect(!String(decoding: sealed, as: UTF8.self).contains(token))
    }

    @Test func `a request under which two workers have died is refused, and the log has its story`() throws {
        let read = Change(method: "GET", path: "/api/v1/me", token: Token.member).request
        site.crashes = 1
        #expect(try site.send(read).status == .ok)
        site.crashes = 2
        let response = try site.send(read)
        #expect(response.status == .internalServerError)
        #expect(try response.errorCode == "INTERNAL")
        #expect(site.lastLine.contains("workers have died under this request"))
    }
}
