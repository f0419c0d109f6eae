import GraphQL
import JSON

/// A user as a store would have it.
struct TestUser {
    let id: Int
    var name: String
}

/// Counts how often a store is asked.
final class TestStore {
    var questions = 0
    var users: [TestUser]
    var log: [String] = []

    init(users: Int = 3) {
        self.users = (1...users).map { TestUser(id: $0, name: "user \($0)") }
    }
}

struct TestFault: Error {}

/// Not a hash, but different for different documents, which is all that is needed here.
struct TestHashing: DocumentHashing {
    func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: 32)
        for (index, byte) in bytes.enumerated() { hash[index % 32] = hash[index % 32] &* 31 &+ byte }
        return hash
    }
}

enum TestSchema {
    static func executable() throws -> ExecutableSchema<TestStore> {
        var builder = SchemaBuilder<TestStore>()
        builder.enumeration("Order", values: [.init("NAME"), .init("ID", deprecation: "Ids have no order.")])
        builder.input("Filter", isOneOf: true, fields: [.init("name", "String"), .init("id", "ID")])
        builder.interface("Node", fields: [FieldDefinition("id", "ID!")])
        builder.object("User", of: TestUser.self, description: "Who has an account.", implements: ["Node"]) { type in
            type.value("id", "ID!") { .integer(Int64($0.id)) }
            type.value("name", "String!") { .string($0.name) }
            type.value("secret", "String") { _ in throw TestFault() }
            type.value("strictSecret", "String!") { _ in throw TestFault() }
            type.objects("friends", "[User!]!", cost: .init(own: 1, assumedSize: 3)) { users, _, store in
                store.questions += 1
                return users.map { user in .values(store.users.filter { $0.id != user.id }) }
            }
        }
        let arguments: [InputValueDefinition] = [
            .init("first", "Int!", default: "10"), .init("order", "Order", default: "NAME"), .init("where", "Filter"),
        ]
        builder.root(.query, "Query") { type in
            type.objects("users", "[User!]!", arguments: arguments, cost: .init(own: 1, sizedBy: ["first"])) {
                _,
                arguments,
                store in
                store.questions += 1
                store.log.append("\(arguments.string("order") ?? "none")")
                return [.values(Array(store.users.prefix(arguments.integer("first") ?? 0)))]
            }
            type.objects("user", "User", arguments: [.init("id", "ID!")]) { _, arguments, store in
                [.optional(store.users.first { "\($0.id)" == arguments.string("id") })]
            }
            type.abstract("nodes", "[Node]!") { _, _, store in
                [.list(store.users.map { .value(AbstractObject($0, type: "User")) } + [.null])]
            }
        }
        builder.root(.mutation, "Mutation") { type in
            type.objects("rename", "User", arguments: [.init("id", "ID!"), .init("name", "String!")]) {
                _,
                arguments,
                store in
                store.log.append("rename \(arguments.string("name") ?? "")")
                guard let index = store.users.firstIndex(where: { "\($0.id)" == arguments.string("id") }) else {
                    throw GraphQLError("There is no such user.")
                }
                store.users[index].name = arguments.string("name") ?? ""
                return [.value(store.users[index])]
            }
        }
        return try builder.build()
    }

    static func engine(
        _ limits: OperationLimits = .init(),
        cache: DocumentCache = .init()
    ) throws
        -> GraphQLEngine<TestStore>
    {
        GraphQLEngine(try executable(), limits: limits, cache: cache, hashing: TestHashing())
    }

    /// What the engine answers.
    static func answer(
        _ query: String,
        variables: JSONObject = JSONObject(),
        store: TestStore = TestStore(),
        limits: OperationLimits = .init()
    ) throws -> String {
        let engine = try engine(limits)
        do {
            let operation = try engine.prepare(GraphQLRequest(query: query, variables: variables))
            return String(decoding: engine.execute(operation, store).body, as: UTF8.self)
        } catch {
            return String(decoding: error.body, as: UTF8.self)
        }
    }
}
