import API
import Caching
import Domain
import HTTPPipeline
import TestSupport
import Testing

/// Responses that are given again for the same version of what they show.
struct ResponseCachingTests {
    private let site: Site
    private let ben = "/api/v1/users/\(UserID.fixture(2))"

    init() throws {
        site = try Site()
    }

    private func get(_ target: String, by token: String = Token.member, _ method: String = "GET") throws -> Response {
        try site.send(ClientRequest(method, target, fields: [("Authorization", "Bearer \(token)")]))
    }

    private var counts: (hits: UInt64, loads: UInt64) {
        let statistics = site.responses.statistics
        return (statistics[.hits], statistics[.loads])
    }

    @Test func `the second read is answered from memory, for every caller who may see it`() throws {
        let first = try get(ben)
        let second = try get(ben)
        let third = try get("/api/v1/me")
        let fourth = try get(ben, by: Token.administrator)
        #expect(counts == (3, 1))
        #expect([second, third, fourth].allSatisfy { $0.body == first.body })
        #expect(fourth.field("Cache-Control") == "private, no-cache")
        #expect(fourth.field("Vary") == "Authorization, Cookie, Accept")
        #expect(second.field("Request-Id") != first.field("Request-Id"))
        #expect(second.fields.count == first.fields.count)
    }

    @Test func `who may not see it gets nothing of it`() throws {
        let other = "/api/v1/users/\(UserID.fixture(1))"
        #expect(try get(other, by: Token.administrator).status == .ok)
        #expect(try get(other).status == .notFound)
        #expect(try site.send(ClientRequest("GET", other)).status == .unauthorized)
    }

    @Test func `a change is seen at once`() throws {
        _ = try get(ben)
        let body = #"{"name": "Benny"}"#
        let fields = [("Authorization", "Bearer \(Token.member)"), ("Content-Type", "application/json")]
        #expect(try site.send(ClientRequest("PATCH", ben, fields: fields, body: body)).status == .ok)
        #expect(String(decoding: try get(ben).body, as: UTF8.self).contains("Benny"))
    }

    @Test func `errors lists and what has no version are not kept`() throws {
        _ = try get("/api/v1/users/\(UserID.fixture(99))", by: Token.administrator)
        _ = try get("/api/v1/users", by: Token.administrator)
        _ = try get("/api/v1/sessions")
        _ = try get("/health")
        #expect(counts == (0, 0))
    }

    @Test func `HEAD and GET share what is kept`() throws {
        _ = try get(ben, "HEAD")
        #expect(try get(ben).body.isEmpty == false)
        #expect(counts == (1, 1))
    }

    @Test func `a list of a thousand tags is looked through`() throws {
        let tags = (0..<1000).map { "\"\(UserID.fixture(2)).\($0 + 2).1\"" }
        func send(_ value: String) throws -> Response {
            let fields = [("Authorization", "Bearer \(Token.member)"), ("If-None-Match", value)]
            return try site.send(ClientRequest("GET", ben, fields: fields))
        }
        #expect(try send(tags.joined(separator: ", ")).status == .ok)
        let present = try #require(try get(ben).field("ETag"))
        #expect(try send((tags + [present]).joined(separator: ",")).status == .notModified)
    }
}
