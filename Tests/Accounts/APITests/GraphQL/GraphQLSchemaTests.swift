import API
import Domain
import Foundation
import HTTPPipeline
import JSON
import OpenAPI
import TestSupport
import Testing

/// The schema as a contract.
struct GraphQLSchemaTests {
    @Test func `the schema is as recorded`() throws {
        let text = try AccountsSchema.sdl()
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "schema.graphql")
        if ExchangeFile.isRecording { return try text.write(to: file, atomically: true, encoding: .utf8) }
        let recorded = try String(contentsOf: file, encoding: .utf8)
        let (new, old) = (text.split(separator: "\n"), recorded.split(separator: "\n"))
        let difference = new.difference(from: old).map { "\($0)" }.prefix(8).joined(separator: "\n")
        #expect(new == old, "the schema has changed; read it, then write it anew with RECORD=1:\n\(difference)")
    }

    // MARK: - The same as REST

    /// Where each operation of REST is found.
    private static let places: [String: [String]] = [
        "listUsers": ["Query.users"], "createUser": ["Mutation.createUser", "Mutation.register"],
        "createUsers": ["Mutation.createUsers"], "readUserStatistics": ["Query.userStatistics"],
        "readUser": ["Query.user"], "updateUser": ["Mutation.updateUser"], "deleteUser": ["Mutation.deleteUser"],
        "listSessionsOfUser": ["User.sessions"], "endSessionsOfUser": ["Mutation.endSessions"],
        "listAPIKeysOfUser": ["User.apiKeys"], "endAPIKeysOfUser": ["Mutation.endAPIKeys"],
        "readMe": ["Query.me"], "changePassword": ["Mutation.changePassword"], "signIn": ["Mutation.signIn"],
        "listSessions": ["Query.sessions"], "endSessions": ["Mutation.endSessions"], "signOut": ["Mutation.signOut"],
        "endSession": ["Mutation.endSession"], "createAPIKey": ["Mutation.createAPIKey"],
        "listAPIKeys": ["Query.apiKeys"], "endAPIKey": ["Mutation.endAPIKey"],
        "listAuditEvents": ["Query.auditEvents"], "listEvents": ["Query.events"],
        "requestPasswordReset": ["Mutation.requestPasswordReset"], "resetPassword": ["Mutation.resetPassword"],
        "readEmailVerification": ["Query.emailVerification"],
        "requestEmailVerification": ["Mutation.requestEmailVerification"], "verifyEmail": ["Mutation.verifyEmail"],
        "requestEmailChange": ["Mutation.requestEmailChange"],
        "confirmEmailChange": ["Mutation.confirmEmailChange"],
        "createWebhook": ["Mutation.createWebhook"], "listWebhooks": ["Query.webhooks"],
        "readWebhook": ["Query.webhook"], "updateWebhook": ["Mutation.updateWebhook"],
        "deleteWebhook": ["Mutation.deleteWebhook"], "listWebhookDeliveries": ["Query.webhookDeliveries"],
        "listWebhookDeadLetters": ["Query.webhookDeadLetters"],
        "replayWebhookDeadLetters": ["Mutation.replayWebhookDeadLetters"],
    ]

    /// What is not found, with the reason.
    private static let exceptions = [
        "replaceUser": "an input names what is to be changed; the whole of a resource is a matter of representations",
        "readHealth": "balancers ask for it, by its status", "readReadiness": "the same", "readLiveness": "the same",
        "readDocument": "introspection tells what there is to ask",
    ]

    /// What GraphQL alone offers: whatever has an id.
    private static let more = ["Query.node", "Query.nodes"]

    /// The fields of all types, input objects too, by `Type.field`.
    private func fields(of site: Site) throws -> Set<String> {
        let query = "{ __schema { types { name fields { name } inputFields { name } } } }"
        guard case .array(let types)? = try site.ask(query).at("__schema.types") else { return [] }
        return Set(
            types.flatMap { type in
                ["fields", "inputFields"].flatMap { list -> [String] in
                    guard case .array(let fields)? = type[list] else { return [] }
                    return fields.map { "\(type["name"]?.string ?? "").\($0["name"]?.string ?? "")" }
                }
            }
        )
    }

    @Test func `what REST offers is there, but for what has a reason, and little else is`() throws {
        let site = try Site()
        let operations = Set(site.operations.map(\.id))
        let known = Set(Self.places.keys).union(Self.exceptions.keys)
        #expect(operations == known, "a route needs its field in the schema, or a reason here")
        let fields = try fields(of: site)
        let placed = Set(Self.places.values.joined())
        #expect(placed.isSubset(of: fields))
        let roots = fields.filter { $0.hasPrefix("Query.") || $0.hasPrefix("Mutation.") }
        #expect(roots.subtracting(placed) == Set(Self.more))
    }

    /// Objects of REST that are others here.
    private static let otherNames = ["EmailChangeProgress": "EmailChangePayload", "Event": "AuditEvent"]

    /// Objects of REST that are none here, with the reason; and members that are none.
    private static let objectsOfRESTAlone: [String: String] = [
        "PartialUser": "a document selects fields", "PageMeta": "PageInfo", "CursorMeta": "PageInfo",
        "EventMeta": "PageInfo", "Error": "errors are those of GraphQL", "Problem": "errors are those of GraphQL",
        "UserReplacement": "there is no PUT", "NewSession": "SessionPayload", "NewAPIKey": "APIKeyPayload",
        "IssuedWebhook": "NewWebhookPayload",
        "Health": "balancers ask for it", "Readiness": "balancers ask for it", "Liveness": "balancers ask for it",
    ]
    private static let membersOfRESTAlone: Set = [
        // The envelope of CloudEvents; `time` is `occurredAt`.
        "Event.specversion", "Event.source", "Event.time",
    ]

    @Test func `every member of what REST takes and shows is a field`() throws {
        let site = try Site()
        site.registrationIsOpen = true
        guard
            case .object(let document) = try JSONReader.read(try site.send(ClientRequest("GET", "/openapi.json")).body),
            case .object(let objects)? = document["components"]?["schemas"]
        else {
            Issue.record("no components")
            return
        }
        let fields = try fields(of: site)
        let types = Set(fields.map { String($0.prefix { $0 != "." }) })
        for object in objects.members where Self.objectsOfRESTAlone[object.name] == nil {
            guard case .object(let members)? = object.value["properties"] else { continue }
            let names = [Self.otherNames[object.name] ?? object.name, "\(object.name)Input", "\(object.name)Payload"]
            let type = names.first { types.contains($0) }
            #expect(type != nil, "no type for \(object.name)")
            for member in members.members where !Self.membersOfRESTAlone.contains("\(object.name).\(member.name)") {
                let field = "\(type ?? "").\(camelCase(member.name))"
                #expect(fields.contains(field), "no field for \(object.name).\(member.name)")
            }
        }
    }

    private func camelCase(_ name: String) -> String {
        let parts = name.split(separator: "_")
        return parts.prefix(1).joined() + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    @Test func `what REST shows of a resource is there too, with the same values`() throws {
        let site = try Site()
        let fields = "id email name role status createdAt updatedAt"
        let shown = try site.ask("{ me { \(fields) } }", by: Token.member)
        let rest = try site.send(
            ClientRequest("GET", "/api/v1/me", fields: [("Authorization", "Bearer \(Token.member)")])
        ).data
        for (name, member) in [
            ("id", "id"), ("email", "email"), ("name", "name"), ("createdAt", "created_at"),
            ("updatedAt", "updated_at"),
        ] {
            #expect(try shown.text(at: "me.\(name)") == rest[member]?.string, "\(name)")
        }
        #expect(try shown.text(at: "me.role") == "MEMBER")
        #expect(try shown.text(at: "me.status") == "ACTIVE")
    }
}
