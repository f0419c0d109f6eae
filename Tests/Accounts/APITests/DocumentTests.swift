import Foundation
import HTTPPipeline
import JSON
import OpenAPI
import TestSupport
import Testing

/// `/openapi.json`: what is published about the API.
struct DocumentTests {
    private let site: Site

    init() throws {
        site = try Site()
        site.registrationIsOpen = true
    }

    private func ask(_ fields: [(name: String, value: String)] = []) throws -> Response {
        try site.send(ClientRequest("GET", "/openapi.json", fields: fields))
    }

    @Test func `the description is as recorded`() throws {
        let text = try JSONReader.read(try ask().body).indented() + "\n"
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "openapi.json")
        if ExchangeFile.isRecording { return try text.write(to: file, atomically: true, encoding: .utf8) }
        let recorded = try String(contentsOf: file, encoding: .utf8)
        let (new, old) = (text.split(separator: "\n"), recorded.split(separator: "\n"))
        let difference = new.difference(from: old).map { "\($0)" }.prefix(8).joined(separator: "\n")
        #expect(new == old, "the contract has changed; read it, then write it anew with RECORD=1:\n\(difference)")
    }

    @Test func `who has the description is told so`() throws {
        let first = try ask()
        #expect(first.status == .ok)
        #expect(first.field("Cache-Control") == "public, max-age=300")
        let tag = try #require(first.field("ETag"))
        #expect(try ask([("If-None-Match", tag)]).status == .notModified)
        #expect(try ask([("If-None-Match", "\"another\"")]).status == .ok)
        #expect(try ask([("If-Match", "\"another\"")]).status == .preconditionFailed)
        #expect(try ask([("Accept", "text/html")]).status == .notAcceptable)
        #expect(try ask([("Authorization", "Bearer none")]).status == .ok)
    }

    @Test func `no two operations have one name, and all have examples`() throws {
        let operations = site.operations
        #expect(Set(operations.map(\.id)).count == operations.count)
        for operation in operations {
            for parameter in operation.parameters {
                let about = "\(operation.id): \(parameter.name)" as Comment
                let example = try #require(parameter.example, about)
                #expect(parameter.schema.violation(of: example) == nil, about)
                #expect(!parameter.about.isEmpty, about)
            }
            if let body = operation.body { #expect(body.schema.violation(of: body.example) == nil, "\(operation.id)") }
            for answer in operation.answers {
                guard let content = answer.content, content.example != nil || operation.id != "readDocument" else {
                    continue
                }
                #expect(content.example != nil, "\(operation.id): \(answer.status.code)")
            }
        }
    }

    @Test func `every example of a body is taken`() throws {
        // As somebody who registers by the example and goes on from there.
        let registered = try send("createUser", by: nil)
        #expect(registered.status == .created)
        let id = try #require(try registered.data["id"]?.string)
        let token = try #require(try send("signIn", by: nil).data["token"]?.string)
        for name in ["replaceUser", "updateUser"] { #expect(try send(name, by: token, id: id).status == .ok) }
        #expect(try send("createAPIKey", by: token).status == .created)
        #expect(try send("changePassword", by: token).status == .noContent)
        for name in ["requestPasswordReset", "requestEmailChange"] {
            #expect(try send(name, by: token).status == .accepted)
        }
        // The tokens are Ben's.
        for name in ["verifyEmail", "resetPassword"] { #expect(try send(name, by: nil).status == .noContent) }
        #expect(try send("confirmEmailChange", by: nil).status == .ok)
        #expect(try send("deleteUser", by: token, id: id).status == .noContent)
        #expect(try send("createUsers", by: Token.administrator).status == .created)
        let webhook = try send("createWebhook", by: Token.administrator)
        #expect(webhook.status == .created)
        #expect(
            try send("updateWebhook", by: Token.administrator, id: try #require(try webhook.data["id"]?.string)).status
                == .ok
        )
        let bodies = site.operations.filter { $0.body != nil }.map(\.id)
        let sent = [
            "createUser", "createUsers", "replaceUser", "updateUser", "changePassword", "signIn", "createAPIKey",
            "requestPasswordReset", "resetPassword", "verifyEmail", "requestEmailChange", "confirmEmailChange",
            "createWebhook", "updateWebhook",
        ]
        #expect(Set(bodies) == Set(sent))
    }

    @Test func `every example of a parameter of a list is taken`() throws {
        let list = try #require(site.operations.first { $0.id == "listUsers" })
        for parameter in list.parameters where parameter.place == .query {
            let text: String
            switch parameter.example {
            case .string(let example): text = example
            case .integer(let example): text = "\(example)"
            default: continue
            }
            let order = ["email_prefix": "&sort=email", "name_prefix": "&sort=name"][parameter.name] ?? ""
            let fields = [(name: "Authorization", value: "Bearer \(Token.administrator)")]
            let target = "/api/v1/users?\(parameter.name)=\(text)\(order)"
            #expect(try site.send(ClientRequest("GET", target, fields: fields)).status == .ok, "\(target)")
        }
    }

    /// Sends the example of an operation.
    private func send(_ id: String, by token: String?, id user: String = "") throws -> Response {
        let operation = try #require(site.operations.first { $0.id == id })
        var fields = token.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
        var text = ""
        if let body = operation.body {
            fields.append(("Content-Type", try #require(body.mediaTypes.first)))
            text = body.example.indented()
        }
        let path = operation.path.split(separator: "/").map { $0 == "{id}" ? user : String($0) }
        let target = "/" + path.joined(separator: "/")
        return try site.send(ClientRequest(operation.method.rawValue, target, fields: fields, body: text))
    }
}
