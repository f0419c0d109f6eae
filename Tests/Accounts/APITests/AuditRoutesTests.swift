import Domain
import HTTPPipeline
import JSON
import Services
import TestSupport
import Testing

/// Events and the audit over HTTP.
struct AuditRoutesTests {
    private let site: Site

    init() throws {
        site = try Site()
    }

    private func get(_ path: String, by token: String = Token.administrator) throws -> Response {
        try site.send(
            ClientRequest("GET", "/api/v1\(path)", fields: [(name: "Authorization", value: "Bearer \(token)")])
        )
    }

    private func list(_ response: Response) throws -> (data: [JSONObject], meta: JSONObject) {
        guard case .object(let body) = try JSONReader.read(response.body), case .array(let data)? = body["data"],
            case .object(let meta)? = body["meta"]
        else { throw Unreadable() }
        return (data.compactMap { if case .object(let object) = $0 { object } else { nil } }, meta)
    }

    private struct Unreadable: Error {}

    /// A user disables and enables ben, by requests; the chain is laid.
    private func fill() throws {
        for status in ["disabled", "active"] {
            let fields = [
                (name: "Content-Type", value: "application/json"),
                (name: "Authorization", value: "Bearer \(Token.administrator)"),
                (name: "Traceparent", value: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            ]
            let path = "/api/v1/users/\(UserID.fixture(Person.ben.rawValue))"
            let body = #"{"status": "\#(status)"}"#
            #expect(try site.send(ClientRequest("PATCH", path, fields: fields, body: body)).status == .ok)
        }
        try site.unitOfWork.perform { transaction in
            try AuditChain(hashing: CheapAuditHashing()).extend(to: 2, in: transaction)
        }
    }

    @Test func `a change is told with who did it, from where, and by which request`() throws {
        try fill()
        let event = try #require(try list(try get("/audit-events")).data.last)
        #expect(event["type"] == .string("user.disabled.v1"))
        #expect(event["subject"] == .string("\(UserID.fixture(Person.ben.rawValue))"))
        #expect(event["request_id"] == .string("request-1"))
        #expect(event["address"] != .string(""))
        guard case .object(let actor)? = event["actor"] else { throw Unreadable() }
        #expect(actor["kind"] == .string("user"))
        #expect(actor["session_id"] != .null)
        #expect(actor["key_id"] == .null)
    }

    @Test func `the audit is walked by cursor, the newest first`() throws {
        try fill()
        let first = try get("/audit-events?per_page=1")
        let (data, meta) = try list(first)
        #expect(data.map { $0["type"] } == [.string("user.enabled.v1")])
        #expect(first.field("Link")?.contains("rel=\"next\"") == true)
        guard case .string(let cursor)? = meta["next_cursor"] else { throw Unreadable() }
        let second = try list(try get("/audit-events?per_page=1&cursor=\(cursor)"))
        #expect(second.data.map { $0["type"] } == [.string("user.disabled.v1")])
        #expect(second.meta["next_cursor"] == .null)
        #expect(try get("/audit-events?per_page=1&type=user.enabled.v1&cursor=\(cursor)").status == .badRequest)
    }

    @Test func `one filter and a stretch of time go together`() throws {
        try fill()
        let ben = "\(UserID.fixture(Person.ben.rawValue))"
        func count(_ query: String) throws -> Int { try list(try get("/audit-events?\(query)")).data.count }
        #expect(try count("subject=\(ben)") == 2)
        #expect(try count("actor=\(ben)") == 0)
        #expect(try count("type=user.enabled.v1") == 1)
        #expect(try count("occurred_after=2099-01-01T00:00:00Z") == 0)
        #expect(try count("occurred_before=2099-01-01T00:00:00Z&subject=\(ben)") == 2)
        #expect(try count("occurred_before=2020-01-01T00:00:00Z") == 0)
        for query in ["subject=\(ben)&actor=\(ben)", "type=x&actor=\(ben)", "subject=x", "occurred_after=x", "page=1"] {
            #expect(try get("/audit-events?\(query)").status == .badRequest)
        }
    }

    @Test func `the log is read in its order, and goes on where it ended`() throws {
        try fill()
        let (data, meta) = try list(try get("/events?per_page=1"))
        #expect(data.map { $0["type"] } == [.string("user.disabled.v1")])
        #expect(data[0]["specversion"] == .string("1.0"))
        #expect(data[0]["sequence"] == .string("00000000000000000001"))
        #expect(data[0]["traceparent"] == .string("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
        #expect(meta["last"] == .integer(1))
        let next = try list(try get("/events?after=1"))
        #expect(next.data.map { $0["type"] } == [.string("user.enabled.v1")])
        let end = try list(try get("/events?after=2"))
        #expect(end.data.isEmpty && end.meta["last"] == .integer(2))
        #expect(try get("/events?after=-1").status == .badRequest)
    }
}
