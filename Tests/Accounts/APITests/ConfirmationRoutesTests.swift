import API
import Domain
import HTTPPipeline
import JSON
import OpenAPI
import TestSupport
import Testing

/// What is done by mail, through the whole pipeline.
struct ConfirmationRoutesTests {
    private let site: Site

    init() throws {
        site = try Site()
    }

    private func send(
        _ method: String,
        _ path: String,
        token: String? = nil,
        body: String = "",
        fields: [(name: String, value: String)] = []
    ) throws -> Response {
        var all = fields
        if let token { all.append(("Authorization", "Bearer \(token)")) }
        if !body.isEmpty { all.append(("Content-Type", "application/json")) }
        return try site.send(ClientRequest(method, "/api/v1\(path)", fields: all, body: body))
    }

    @Test func `known and unknown addresses are answered with the same bytes`() throws {
        let answers = try ["ben@example.com", "nobody@example.com", "dora@example.com"].map { email in
            try send("POST", "/password-resets", body: #"{"email": "\#(email)"}"#)
        }
        #expect(answers.map(\.status.code) == [202, 202, 202])
        #expect(Set(answers.map(\.body)) == [Array(#"{"data":{"expires_in":1800}}"#.utf8)])
        #expect(
            Set(answers.map { $0.fields.filter { $0.name != "Request-Id" }.map { "\($0.name): \($0.value)" } }).count
                == 1
        )
    }

    @Test func `a second try of the web server asks for no second mail`() throws {
        let request = ClientRequest(
            "POST",
            "/api/v1/password-resets",
            fields: [("Content-Type", "application/json")],
            body: #"{"email": "ben@example.com"}"#
        )
        let first = try site.send(request)
        let events = site.unitOfWork.state.events.count
        #expect(try site.send(request, isTriedAgain: true).body == first.body)
        #expect(site.unitOfWork.state.events.count == events)
    }

    @Test func `a lost password is set by the token of the mail, and signs in`() throws {
        let body =
            #"{"token": "gh_c_cmVzZXQgdGhlIHBhc3N3b3JkIG9mIHRoaXMgdXNlciE", "password": "correct horse battery"}"#
        #expect(try send("POST", "/password-resets/confirmations", body: body).status == .noContent)
        #expect(try send("GET", "/me", token: Token.member).status == .unauthorized, "all sessions have ended")
        let credentials = #"{"email": "ben@example.com", "password": "correct horse battery"}"#
        #expect(try send("POST", "/sessions", body: credentials).status == .created)
        #expect(try send("POST", "/password-resets/confirmations", body: body).status == .badRequest)
    }

    @Test func `an address is verified by the token of a mail`() throws {
        func verified() throws -> Bool {
            try send("GET", "/email-verifications", token: Token.member).data["verified_at"] != .null
        }
        #expect(try !verified())
        #expect(try send("POST", "/email-verifications", token: Token.member).status == .accepted)
        // The one that was asked for last counts.
        let old = #"{"token": "gh_c_dmVyaWZ5IHRoZSBhZGRyZXNzIG9mIHRoaXMgdXNlciE"}"#
        #expect(try send("POST", "/email-verifications/confirmations", body: old).status == .badRequest)
        let requested = site.unitOfWork.state.events.compactMap { event in
            if case .confirmationRequested(let confirmation) = event.happening { confirmation.id } else { nil }
        }
        let token = CheapConfirmationTokens().tokens(of: try #require(requested.last))[0].text
        let body = #"{"token": "\#(token)"}"#
        #expect(try send("POST", "/email-verifications/confirmations", body: body).status == .noContent)
        #expect(try verified())
    }

    @Test func `an address is changed by two mails`() throws {
        func confirm(_ token: String) throws -> Response {
            try send("POST", "/email-changes/confirmations", body: #"{"token": "\#(token)"}"#)
        }
        let waiting = try confirm("gh_c_Y2hhbmdlIHRoZSBhZGRyZXNzIG9mIHRoaXMgdXNlciE")
        #expect(try waiting.data["status"] == .string("waiting"))
        #expect(try send("GET", "/me", token: Token.member).data["email"] == .string("ben@example.com"))
        let changed = try confirm("gh_c_b3RoZXIgaGFsZiBvZiB0aGUgY2hhbmdlIG9mIGJlbiE")
        #expect(try changed.data["status"] == .string("changed"))
        #expect(try send("GET", "/me", token: Token.member).data["email"] == .string("benjamin@example.com"))
    }

    @Test func `where mail is sent members change no address directly`() throws {
        site.confirmsAddresses = true
        let path = "/users/\(UserID.fixture(Person.ben.rawValue))"
        let body = #"{"email": "new@example.com"}"#
        #expect(try send("PATCH", path, token: Token.member, body: body).status == .forbidden)
        #expect(try send("PATCH", path, token: Token.administrator, body: body).status == .ok)
    }

    @Test func `without mail there are no such routes`() throws {
        site.sendsMail = false
        #expect(try send("POST", "/password-resets", body: #"{"email": "ben@example.com"}"#).status == .notFound)
        #expect(try send("GET", "/email-verifications", token: Token.member).status == .notFound)
        #expect(!site.operations.contains { $0.path.contains("password-resets") })
    }

    @Test func `mails to one address are limited, whether or not it is anybody's, and so is who asks`() throws {
        site.limits = try .ofMail(address: 8, mail: 2)
        for email in ["ben@example.com", "nobody@example.com"] {
            let statuses = try [email, email.uppercased(), email].map {
                try send("POST", "/password-resets", body: #"{"email": "\#($0)"}"#).status.code
            }
            #expect(statuses == [202, 202, 429])
        }
        // Six so far; showing tokens counts as well.
        let tokens = try (0..<3).map { _ in
            try send("POST", "/email-verifications/confirmations", body: #"{"token": "x"}"#).status.code
        }
        #expect(tokens == [400, 400, 429])
    }
}
