import Domain
import HTTPPipeline
import JSON
import Services
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// Events and the audit by GraphQL: the lists and the cursors of REST.
struct GraphQLAuditTests {
    private let site: Site
    private static let cleo = UserID.fixture(Person.cleo.rawValue)

    /// An administrator disables and enables cleo, and makes a key, which the chain does not hold yet.
    init() throws {
        site = try Site()
        for (change, token) in [
            ("updateUser(id: \"\(Self.cleo)\", input: { status: DISABLED }) { user { id } }", Token.administrator),
            ("updateUser(id: \"\(Self.cleo)\", input: { status: ACTIVE }) { user { id } }", Token.administrator),
            ("createAPIKey(input: { name: \"K\" }) { key }", Token.administrator),
        ] {
            let fields = [
                (name: "Traceparent", value: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            ]
            #expect(try site.ask("mutation { \(change) }", by: token, fields: fields).errors.isEmpty)
        }
        try site.unitOfWork.perform { transaction in
            try AuditChain(hashing: CheapAuditHashing()).extend(to: 2, in: transaction)
        }
    }

    private func rest(_ path: String) throws -> JSONObject {
        let fields = [(name: "Authorization", value: "Bearer \(Token.administrator)")]
        return try site.send(ClientRequest("GET", "/api/v1\(path)", fields: fields)).bodyObject
    }

    private func types(_ arguments: String) throws -> [String?] {
        let answer = try site.ask("{ auditEvents\(arguments) { nodes { type } } }", by: Token.administrator)
        #expect(try answer.errors.isEmpty)
        let count = try answer.count(at: "auditEvents.nodes") ?? 0
        return try (0..<count).map { try answer.text(at: "auditEvents.nodes.\($0).type") }
    }

    @Test func `an event has what REST shows of it, and leads to the users`() throws {
        let answer = try site.ask(
            """
            { auditEvents(first: 1) { nodes {
              id sequence type occurredAt subject address requestId data traceparent user { name }
              actor { kind id sessionId keyId user { name } } } } }
            """,
            by: Token.administrator
        )
        #expect(try answer.errors.isEmpty)
        guard case .object(let event)? = try answer.at("auditEvents.nodes.0"),
            case .array(let events)? = try rest("/audit-events?per_page=1")["data"],
            case .object(let shown)? = events.first
        else {
            Issue.record("no event")
            return
        }
        for (name, member) in [
            ("id", "id"), ("type", "type"), ("occurredAt", "occurred_at"), ("subject", "subject"),
            ("address", "address"),
            ("requestId", "request_id"), ("data", "data"),
        ] { #expect(event[name] == shown[member], "\(name)") }
        #expect(event["type"] == "user.enabled.v1")
        #expect(event["sequence"] == "2")
        #expect(event["address"] == "192.0.2.7")
        #expect(event["requestId"] == "request-2")
        #expect(event["traceparent"] == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        #expect(event["user"]?["name"] == "Cleo")
        #expect(event["actor"]?["kind"] == "USER")
        #expect(event["actor"]?["id"] == .string("\(UserID.fixture(Person.ada.rawValue))"))
        #expect(event["actor"]?["sessionId"] == shown["actor"]?["session_id"])
        #expect(event["actor"]?["keyId"] == .null)
        #expect(event["actor"]?["user"]?["name"] == "Ada")
    }

    @Test func `what is told along is any JSON, as it is stored`() throws {
        let database = try ScratchDatabase()
        try site.move(to: SQLUnitOfWork(database.session))
        let made = try site.ask("mutation { createAPIKey(input: { name: \"K\" }) { key } }", by: Token.administrator)
        #expect(try made.errors.isEmpty)
        let answer = try site.ask("{ events { nodes { type data } } }", by: Token.administrator)
        #expect(try answer.text(at: "events.nodes.0.type") == "key.created.v1")
        #expect(try answer.text(at: "events.nodes.0.data.access") == "read")
        #expect(try answer.at("events.nodes.0.data.expires_at") == .null)
    }

    @Test func `the audit is walked by the cursors of REST, the newest first`() throws {
        let query = """
            query ($after: String) { auditEvents(first: 1, after: $after) {
              edges { cursor node { type } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
            """
        let first = try site.ask(query, by: Token.administrator)
        #expect(try first.text(at: "auditEvents.edges.0.node.type") == "user.enabled.v1")
        #expect(try first.at("auditEvents.pageInfo.hasNextPage") == true)
        #expect(try first.at("auditEvents.pageInfo.hasPreviousPage") == false)
        let cursor = try #require(try first.at("auditEvents.pageInfo.endCursor"))
        #expect(try rest("/audit-events?per_page=1")["meta"]?["next_cursor"] == cursor)
        let second = try site.ask(query, ["after": cursor], by: Token.administrator)
        #expect(try second.text(at: "auditEvents.edges.0.node.type") == "user.disabled.v1")
        #expect(try second.at("auditEvents.pageInfo.hasNextPage") == false)
        #expect(try second.at("auditEvents.pageInfo.hasPreviousPage") == true)
        let end = try #require(try second.at("auditEvents.pageInfo.endCursor"))
        let nothing = try site.ask(query, ["after": end], by: Token.administrator)
        #expect(try nothing.count(at: "auditEvents.edges") == 0)
        #expect(try nothing.at("auditEvents.pageInfo.endCursor") == .null)
    }

    @Test func `one filter and a stretch of time go together`() throws {
        #expect(try types("") == ["user.enabled.v1", "user.disabled.v1"])
        #expect(try types("(filter: { subject: \"\(Self.cleo)\" })").count == 2)
        #expect(try types("(filter: { actor: \"\(Self.cleo)\" })").isEmpty)
        #expect(try types("(filter: { type: \"user.disabled.v1\" })") == ["user.disabled.v1"])
        #expect(try types("(filter: { occurredAfter: \"2099-01-01T00:00:00Z\" })").isEmpty)
        #expect(
            try types("(filter: { subject: \"\(Self.cleo)\", occurredBefore: \"2099-01-01T00:00:00Z\" })").count == 2
        )
        #expect(try types("(filter: null, after: null)").count == 2)
    }

    @Test func `the log is read in its order, and goes on where it ended`() throws {
        func page(_ arguments: String) throws -> Response {
            let query = "{ events(\(arguments)) { nodes { type } pageInfo { hasNextPage hasPreviousPage endCursor } } }"
            return try site.ask(query, by: Token.administrator)
        }
        let first = try page("first: 2")
        #expect(try first.text(at: "events.nodes.0.type") == "user.disabled.v1")
        #expect(try first.at("events.pageInfo.hasNextPage") == true)
        #expect(try first.text(at: "events.pageInfo.endCursor") == "2")
        let next = try page("first: 2, after: \"2\"")
        #expect(try next.count(at: "events.nodes") == 1)
        #expect(try next.at("events.pageInfo.hasNextPage") == false)
        #expect(try next.at("events.pageInfo.hasPreviousPage") == true)
        #expect(try page("after: \"3\"").count(at: "events.nodes") == 0)
    }

    @Test(
        arguments: [
            ("auditEvents(first: 0)", "VALIDATION_ERROR"), ("auditEvents(first: 101)", "VALIDATION_ERROR"),
            ("auditEvents(after: \"\")", "INVALID_CURSOR"), ("auditEvents(after: \"2\")", "INVALID_CURSOR"),
            ("auditEvents(filter: { subject: \"x\" })", "VALIDATION_ERROR"),
            ("auditEvents(filter: { type: \"x\", actor: \"\(cleo)\" })", "VALIDATION_ERROR"),
            ("auditEvents(filter: { type: \"\" })", "VALIDATION_ERROR"),
            ("events(first: -1)", "VALIDATION_ERROR"), ("events(after: \"-1\")", "INVALID_CURSOR"),
            ("events(after: \"+1\")", "INVALID_CURSOR"), ("events(after: \"99999999999999999999\")", "INVALID_CURSOR"),
        ]
    )
    func `what REST refuses is refused here too, and to others all of it`(field: String, code: String) throws {
        let query = "{ \(field) { nodes { id } } }"
        #expect(try site.ask(query, by: Token.administrator).codes == [code])
        #expect(try site.ask(query, by: Token.member).codes == ["FORBIDDEN"])
        #expect(try site.ask(query).codes == ["UNAUTHENTICATED"])
    }
}
