import Database
import Domain
import HTTPPipeline
import JSON
import Services
import Storage
import StorageTestSupport
import TestSupport
import Testing

/// How many statements of SQLite an operation takes: as many for a hundred objects as for one.
struct GraphQLStatementTests {
    /// A list whose size is `$size`.
    struct List: Sendable, CustomTestStringConvertible {
        let name: String
        let document: String
        /// With the one that finds the caller.
        let statements: Int

        var testDescription: String { name }
    }

    private static let lists = [
        List(
            name: "users",
            document: """
                query ($size: Int!) { users(first: $size) { nodes {
                  name sessions { id } apiKeys { id } again: sessions { address } } } }
                """,
            // The list, the sessions once for both places, the keys.
            statements: 4
        ),
        List(
            name: "users",
            document: "query ($size: Int!) { users(first: $size) { totalCount nodes { name sessions { id } } } }",
            statements: 4
        ),
        List(
            name: "auditEvents",
            document: """
                query ($size: Int!) { auditEvents(first: $size) { nodes {
                  user { name sessions { id } } actor { user { name sessions { id } } } } } }
                """,
            // The list, the users, the sessions of those and the caller's.
            statements: 5
        ),
        List(
            name: "events",
            document:
                "query ($size: Int!) { events(first: $size) { nodes { user { name } actor { user { name } } } } }",
            statements: 3
        ),
    ]

    private let site: Site
    private let database: ScratchDatabase
    private static let numbers: Range<UInt64> = 10..<110

    /// A hundred users with a session and a key each, of each of whom something has happened.
    init() throws {
        site = try Site()
        database = try ScratchDatabase()
        let store = SQLUnitOfWork(database.session)
        try site.move(to: store)
        let origin = RequestOrigin(address: "192.0.2.7", requestID: "request", traceparent: nil)
        let ada = Actor.user(.fixture(Person.ada.rawValue), by: .session(.fixture(1)))
        let occasion = Occasion(at: .t0, by: ada, from: origin, SeededRandom())
        try store.perform { transaction in
            for number in Self.numbers {
                let digest = TokenDigest.fixture(UInt8(number))
                try transaction.users.insert(.fixture(number), passwordHash: nil)
                try transaction.sessions.insert(.fixture(number, of: .fixture(number)), tokenDigest: digest)
                try transaction.keys.insert(.fixture(number, of: .fixture(number)), tokenDigest: digest)
            }
            try transaction.events.append(occasion.events(Self.numbers.map { .userEnabled(.fixture($0)) }))
            try AuditChain(hashing: CheapAuditHashing()).extend(to: Int64(Self.numbers.count), in: transaction)
        }
    }

    private func ask(_ document: String, _ variables: JSONValue) throws -> (answer: Response, statements: Int) {
        let before = database.session.statementCount
        let answer = try site.ask(document, variables, by: Token.administrator)
        #expect(try answer.errors.isEmpty)
        return (answer, database.session.statementCount - before)
    }

    @Test(arguments: lists)
    func `a list of a hundred with all below it takes as many as a list of one`(list: List) throws {
        for size in [1, 100] {
            let (answer, statements) = try ask(list.document, ["size": .integer(Int64(size))])
            #expect(try answer.count(at: "\(list.name).nodes") == size)
            #expect(statements == list.statements, "\(size)")
        }
    }

    @Test func `a hundred objects by their ids take as many as three`() throws {
        let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on User { sessions { id } } } }"
        func statements(_ users: Range<UInt64>) throws -> Int {
            let ids = users.map { "\(UserID.fixture($0))" } + ["\(SessionID.fixture(10))", "\(APIKeyID.fixture(10))"]
            let (answer, statements) = try ask(document, ["ids": .array(ids.map(JSONValue.string))])
            #expect(try ids.indices.allSatisfy { try answer.text(at: "nodes.\($0).id") == ids[$0] })
            return statements
        }
        // The caller, users, sessions, keys, and the sessions of the users.
        #expect(try statements(10..<11) == 5)
        #expect(try statements(10..<108) == 5)
    }
}
