import API
import Domain
import Foundation
import JSON
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
