import Domain
import HTTPPipeline
import TestSupport
import Testing

/// Versions over HTTP: ETag, If-None-Match, If-Match.
struct ConditionalRequestTests {
    private let site: Site
    private let ben = "/api/v1/users/\(UserID.fixture(2))"
    private let tag = "\"\(UserID.fixture(2)).1.1\""
    private let body = #"{"email": "ben@example.com", "name": "Benjamin"}"#

    init() throws {
        site = try Site()
    }

    private func send(
        _ method: String,
        _ target: String? = nil,
        by token: String = Token.member,
        when conditions: [(name: String, value: String)] = [],
        body: String = ""
    ) throws -> Response {
        let fields = [(name: "Authorization", value: "Bearer \(token)")] + conditions
        let type = body.isEmpty ? [] : [(name: "Content-Type", value: "application/json")]
        return try site.send(ClientRequest(method, target ?? ben, fields: fields + type, body: body))
    }

    private func create() throws -> Response {
        let body = #"{"email": "f@example.com", "name": "F"}"#
        return try send("POST", "/api/v1/users", by: Token.administrator, body: body)
    }

    private func stored() throws -> User? {
        try site.unitOfWork.read { try $0.users.find(.fixture(2)) }
    }

    @Test func `a user has the same tag for every caller, and another after each change`() throws {
        #expect(try send("GET").field("ETag") == tag)
        #expect(try send("HEAD").field("ETag") == tag)
        #expect(try send("GET", "/api/v1/me").field("ETag") == tag)
        #expect(try send("GET", by: Token.administrator).field("ETag") == tag)
        let next = "\"\(UserID.fixture(2)).2.1\""
        #expect(try send("PATCH", body: #"{"name": "Benny"}"#).field("ETag") == next)
        #expect(try send("PATCH", body: #"{"name": "Benny"}"#).field("ETag") == next)
        #expect(try send("PUT", body: body).field("ETag") == "\"\(UserID.fixture(2)).3.1\"")
    }

    @Test func `a new user comes with a tag`() throws {
        let response = try create()
        #expect(response.status == .created)
        let location = try #require(response.field("Location"))
        #expect(try send("GET", location, by: Token.administrator).field("ETag") == response.field("ETag"))
    }

    @Test(arguments: ["GET", "HEAD"])
    func `who has the present version gets 304, without reading the user`(method: String) throws {
        for target in [ben, "/api/v1/me"] {
            for value in [tag, "W/\(tag)", "*", "\"other\", \(tag)"] {
                let response = try send(method, target, when: [("If-None-Match", value)])
                #expect(response.status == .notModified, "\(value)")
                #expect(response.body.isEmpty)
                #expect(response.field("ETag") == tag)
                #expect(response.field("Vary") == "Authorization, Cookie, Accept")
                #expect(response.field("Cache-Control") == "private, no-cache")
            }
            #expect(try send(method, target, when: [("If-None-Match", "\"\(UserID.fixture(2)).0.1\"")]).status == .ok)
        }
    }

    @Test(arguments: ["PUT", "PATCH"])
    func `a change meant for another version is refused and changes nothing`(method: String) throws {
        for value in ["\"\(UserID.fixture(2)).2.1\"", "\"\(UserID.fixture(1)).1.1\"", "W/\(tag)", "\"\""] {
            #expect(try send(method, when: [("If-Match", value)], body: body).status == .preconditionFailed, "\(value)")
        }
        #expect(try send(method, when: [("If-None-Match", "*")], body: body).status == .preconditionFailed)
        #expect(try send(method, when: [("If-None-Match", tag)], body: body).status == .preconditionFailed)
        #expect(try stored()?.version == 1)
        #expect(try send(method, when: [("If-Match", "\"x\", \(tag)")], body: body).status == .ok)
        #expect(try send(method, when: [("If-Match", tag)], body: body).status == .preconditionFailed)
        #expect(try send(method, when: [("If-Match", "*")], body: body).status == .ok)
    }

    @Test func `a deletion meant for another version deletes nothing`() throws {
        #expect(try send("DELETE", when: [("If-Match", "\"old\"")]).status == .preconditionFailed)
        #expect(try stored() != nil)
        #expect(try send("DELETE", when: [("If-Match", tag)]).status == .noContent)
        #expect(try stored() == nil)
    }

    @Test func `who changes the user in between is not overwritten`() throws {
        // The condition held when the request came, and no more when its transaction began.
        site.unitOfWork.beforeNextChange = { [site] in
            let other = User.fixture(2, email: "ben@example.com", name: "Other")
            _ = try site.unitOfWork.perform { try $0.users.update(other) }
        }
        #expect(try send("PUT", when: [("If-Match", tag)], body: body).status == .preconditionFailed)
        #expect(try stored()?.name.text == "Other")
    }

    @Test func `conditions are held before the body is looked at, If-Match first`() throws {
        #expect(try send("PUT", when: [("If-Match", "\"old\"")], body: "{").status == .preconditionFailed)
        #expect(try send("GET", when: [("If-Match", "\"old\""), ("If-None-Match", tag)]).status == .preconditionFailed)
        #expect(try send("GET", when: [("If-Match", tag), ("If-None-Match", tag)]).status == .notModified)
    }

    @Test func `what is not there, or not the caller's to see, is 404 whatever the conditions`() throws {
        for target in ["/api/v1/users/\(UserID.fixture(1))", "/api/v1/users/\(UserID.fixture(99))", "/api/v1/users/x"] {
            for condition in [("If-Match", "\"x\""), ("If-Match", "*"), ("If-None-Match", "*")] {
                #expect(try send("GET", target, when: [condition]).status == .notFound)
                #expect(try send("PUT", target, when: [condition], body: body).status == .notFound)
            }
        }
    }

    @Test(arguments: ["If-Match", "If-None-Match"])
    func `a malformed condition is refused and changes nothing`(name: String) throws {
        for value in ["x", "\"a\" \"b\"", "*, \"a\"", "\"a"] {
            #expect(try send("PUT", when: [(name, value)], body: body).status == .badRequest)
            #expect(try send("GET", when: [(name, value)]).status == .badRequest)
        }
        #expect(try stored()?.version == 1)
    }

    @Test func `where it is configured a change must name its version`() throws {
        site.requiresIfMatch = true
        for method in ["PUT", "PATCH", "DELETE"] {
            let response = try send(method, body: method == "DELETE" ? "" : body)
            #expect(response.status == .preconditionRequired)
            #expect(String(decoding: response.body, as: UTF8.self).contains("\"PRECONDITION_REQUIRED\""))
        }
        #expect(try send("GET").status == .ok)
        #expect(try create().status == .created)
        #expect(try send("PATCH", when: [("If-Match", tag)], body: #"{"name": "Benny"}"#).status == .ok)
    }

    @Test func `null removes no member, for none can be removed`() throws {
        for name in ["email", "name", "password", "role", "status"] {
            let response = try send("PATCH", by: Token.administrator, body: "{\"\(name)\": null}")
            #expect(response.status == .badRequest, "\(name)")
            #expect(String(decoding: response.body, as: UTF8.self).contains("\"field\":\"\(name)\""))
        }
        #expect(try send("PATCH", body: "{}").status == .ok)
        #expect(try stored()?.version == 1)
    }
}
