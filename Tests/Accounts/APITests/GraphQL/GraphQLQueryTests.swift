import Domain
import HTTPPipeline
import JSON
import TestSupport
import Testing

/// What can be read by GraphQL, and by whom.
struct GraphQLQueryTests {
    private let site: Site

    init() throws {
        site = try Site()
    }

    private static let ben = UserID.fixture(Person.ben.rawValue)
    private static let cleo = UserID.fixture(Person.cleo.rawValue)

    @Test func `who is signed in reads the own account, and nobody else does`() throws {
        let answer = try site.ask("{ me { id email name sessions { id current } apiKeys { id } } }", by: Token.member)
        #expect(answer.status == .ok)
        #expect(try answer.text(at: "me.id") == "\(Self.ben)")
        #expect(try answer.text(at: "me.email") == "ben@example.com")
        #expect(try answer.count(at: "me.sessions") == 1)
        #expect(try answer.at("me.sessions.0.current") == true)
        #expect(try answer.count(at: "me.apiKeys") == 0)
        #expect(try answer.errors.isEmpty)

        let nobody = try site.ask("{ me { id } sessions { id } __typename }")
        #expect(nobody.status == .ok)
        #expect(try nobody.codes == ["UNAUTHENTICATED", "UNAUTHENTICATED"])
        #expect(try nobody.at("me") == .null)
        #expect(try nobody.text(at: "__typename") == "Query")
    }

    @Test func `a token that is none is refused as a whole, in the shape of GraphQL`() throws {
        let answer = try site.ask("{ __typename }", by: Token.unknown)
        #expect(answer.status == .unauthorized)
        #expect(try answer.codes == ["UNAUTHENTICATED"])
        #expect(try answer.bodyObject["data"] == nil)
        #expect(try site.ask("{ __typename }", by: Token.expired).codes == ["SESSION_EXPIRED"])
    }

    @Test func `a user is there for administrators and the user alone`() throws {
        let query = "query ($id: ID!) { user(id: $id) { email } }"
        func email(_ id: String, by token: String) throws -> String? {
            let answer = try site.ask(query, ["id": .string(id)], by: token)
            #expect(try answer.errors.isEmpty)
            return try answer.text(at: "user.email")
        }
        #expect(try email("\(Self.cleo)", by: Token.administrator) == "cleo@example.com")
        #expect(try email("\(Self.ben)", by: Token.member) == "ben@example.com")
        #expect(try email("\(Self.cleo)", by: Token.member) == nil)
        #expect(try email("\(UserID.fixture(99))", by: Token.administrator) == nil)
        #expect(try email("none", by: Token.administrator) == nil)
    }

    @Test func `lists and numbers are for administrators`() throws {
        let query = "{ users { totalCount nodes { name } } userStatistics { total byRole { role count } } }"
        let refused = try site.ask(query, by: Token.member)
        #expect(try refused.codes == ["FORBIDDEN", "FORBIDDEN"])
        #expect(try refused.at("users") == .null)
        let answer = try site.ask(query, by: Token.administrator)
        #expect(try answer.at("users.totalCount") == 5)
        #expect(try answer.count(at: "users.nodes") == 5)
        #expect(try answer.text(at: "users.nodes.0.name") == "Emil")
        #expect(try answer.at("userStatistics.total") == 5)
        #expect(try answer.text(at: "userStatistics.byRole.1.role") == "ADMIN")
    }

    @Test func `a connection is walked in both directions, and its cursors are those of REST`() throws {
        let query = """
            query ($first: Int, $after: String, $last: Int, $before: String) {
              users(first: $first, after: $after, last: $last, before: $before, sort: NAME) {
                edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
              }
            }
            """
        func page(_ variables: JSONValue) throws -> (names: [String], response: Response) {
            let answer = try site.ask(query, variables, by: Token.administrator)
            #expect(try answer.errors.isEmpty)
            let count = try answer.count(at: "users.edges") ?? 0
            return (try (0..<count).map { try answer.text(at: "users.edges.\($0).node.name") ?? "" }, answer)
        }
        let first = try page(["first": 2])
        #expect(first.names == ["Ada", "Ben"])
        #expect(try first.response.at("users.pageInfo.hasNextPage") == true)
        #expect(try first.response.at("users.pageInfo.hasPreviousPage") == false)
        let cursor = try #require(try first.response.at("users.pageInfo.endCursor"))
        #expect(try first.response.at("users.edges.1.cursor") == cursor)
        let second = try page(["first": 2, "after": cursor])
        #expect(second.names == ["Cleo", "Dora"])
        let start = try #require(try second.response.at("users.pageInfo.startCursor"))
        #expect(try page(["last": 2, "before": start]).names == ["Ada", "Ben"])
        let third = try page(["first": 2, "after": try #require(try second.response.at("users.pageInfo.endCursor"))])
        #expect(third.names == ["Emil"])
        #expect(try third.response.at("users.pageInfo.hasNextPage") == false)
        let end = try page(["last": 2])
        #expect(end.names == ["Dora", "Emil"])
        #expect(try end.response.at("users.pageInfo.hasPreviousPage") == true)
        #expect(try end.response.at("users.pageInfo.hasNextPage") == false)

        let rest = try site.send(
            ClientRequest(
                "GET",
                "/api/v1/users?cursor=&per_page=2&sort=name",
                fields: [("Authorization", "Bearer \(Token.administrator)")]
            )
        )
        guard case .object(let meta)? = try rest.bodyObject["meta"] else { throw HTTPError.fault("no meta") }
        #expect(meta["next_cursor"] == cursor)
    }

    @Test(
        arguments: [
            ("first: 0", "first"), ("first: 101", "first"), ("last: -1", "last"), ("first: 1, last: 1", "last"),
            ("filter: { role: ADMIN }, sort: NAME", "role"), ("filter: { emailPrefix: \"a\" }", "emailPrefix"),
            ("filter: { email: \"nothing\" }", "email"), ("first: 1, before: \"x\"", "before"),
        ]
    )
    func `what REST refuses of a list is refused here too, by the names of here`(
        arguments: String,
        field: String
    ) throws {
        let answer = try site.ask("{ users(\(arguments)) { totalCount } }", by: Token.administrator)
        #expect(answer.status == .ok)
        #expect(try answer.codes.first == (arguments.contains("before") ? "INVALID_CURSOR" : "VALIDATION_ERROR"))
        guard case .object(let extensions)? = try answer.errors.first?["extensions"],
            case .array(let details)? = extensions["details"], case .object(let detail)? = details.first
        else {
            Issue.record("no details")
            return
        }
        #expect(detail["field"] == .string(field))
    }

    @Test func `filters and orders give the users asked for`() throws {
        func names(_ arguments: String) throws -> String {
            let answer = try site.ask("{ users(\(arguments)) { nodes { name } } }", by: Token.administrator)
            #expect(try answer.errors.isEmpty)
            let count = try answer.count(at: "users.nodes") ?? 0
            return try (0..<count).map { try answer.text(at: "users.nodes.\($0).name") ?? "" }.joined(separator: " ")
        }
        #expect(try names("filter: { role: MEMBER, status: ACTIVE }") == "Emil Cleo Ben")
        #expect(try names("filter: { email: \"CLEO@example.com\" }") == "Cleo")
        #expect(try names("filter: { namePrefix: \"em\" }, sort: NAME_DESC") == "Emil")
        #expect(
            try names("filter: { createdAfter: \"2025-09-24T03:04:07.678901Z\" }, sort: CREATED_AT") == "Cleo Dora Emil"
        )
        #expect(try names("filter: null, sort: null, first: null") == "Emil Dora Cleo Ben Ada")
    }

    @Test func `whatever has an id is found by it, where the caller may see it`() throws {
        try site.unitOfWork.perform { transaction in
            try transaction.keys.insert(.fixture(1, of: Self.cleo), tokenDigest: .fixture(1))
        }
        let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
        let ids: JSONValue = [
            .string("\(Self.cleo)"), .string("\(SessionID.fixture(2))"), .string("\(APIKeyID.fixture(1))"),
            .string("\(UserID.fixture(99))"), "none", .string("\(SessionID.fixture(3))"),
        ]
        let answer = try site.ask(query, ["ids": ids], by: Token.administrator)
        #expect(try answer.errors.isEmpty)
        let types = try (0..<6).map { try answer.text(at: "nodes.\($0).__typename") }
        // The last one has expired.
        #expect(types == ["User", "Session", "APIKey", nil, nil, nil])
        let own = try site.ask(query, ["ids": ids], by: Token.member)
        #expect(try (0..<6).map { try own.text(at: "nodes.\($0).__typename") } == [nil, "Session", nil, nil, nil, nil])
        let one = try site.ask("{ node(id: \"\(Self.ben)\") { id ... on User { name } } }", by: Token.member)
        #expect(try one.text(at: "node.name") == "Ben")
    }
}
