import HTTPPipeline
import JSON
import OpenAPI
import Testing

/// The document that is made of described operations.
struct DocumentTests {
    private static let name = Member<String>(string: "name", .string(length: 1...20))
        .documented("As printed.", example: "Emma")
    private static let book = ObjectShape("Book", [.init("name", .string(length: 1...20), example: "Emma")])

    private func document(_ operations: OpenAPI.Operation...) -> JSONValue {
        Document(
            title: "Library",
            version: "1.2.3",
            about: "Books.",
            tags: [.init("Books", "All of them.")],
            securitySchemes: [
                ("bearer", .bearer(about: "A token.")), ("cookie", .cookie(name: "id", about: "A cookie.")),
            ],
            commonFields: [.init("Request-Id", "Its name.", example: "1")],
            operations: operations
        ).json
    }

    private let read = Operation(
        .get,
        "/books/{id}",
        id: "readBook",
        tag: "Books",
        summary: "Read a book",
        parameters: [Parameter(.path, "id", .uuid, "Which.", example: "x")],
        answers: [
            .error(.notFound, "Nothing.", "No such book."), .success(.ok, "The book.", .object(book)),
            .error(.unavailable, "Busy.", "Busy.", mayBeProblem: false),
        ]
    )

    private let write = Operation(
        .put,
        "/books/{id}",
        id: "writeBook",
        tag: "Books",
        summary: "Write a book",
        security: .required,
        body: RequestBody([ObjectSchema("NewBook", [.required(name), .optional(Member<Bool>(boolean: "old"))])]),
        answers: [.error(.notFound, "Nothing.", "No such book."), .success(.ok, "The book.", .object(book))]
    )

    private func at(_ path: [String], in value: JSONValue) -> JSONValue? {
        path.reduce(value) { value, name in
            guard case .object(let object)? = value else { return nil }
            return object[name]
        }
    }

    @Test func `methods of one path stand together, statuses in order`() throws {
        let json = document(read, write)
        guard case .object(let item)? = at(["paths", "/books/{id}"], in: json) else {
            Issue.record("no path")
            return
        }
        #expect(item.members.map(\.name) == ["get", "put"])
        guard case .object(let answers)? = at(["get", "responses"], in: .object(item)) else { return }
        #expect(answers.members.map(\.name) == ["200", "404", "503"])
    }

    @Test func `what has a name is described once and referred to`() {
        let json = document(read, write)
        let book: JSONValue = ["$ref": "#/components/schemas/Book"]
        for method in ["get", "put"] {
            let path = ["paths", "/books/{id}", method, "responses"]
            #expect(at(path + ["200", "content", "application/json", "schema"], in: json) == book)
            #expect(at(path + ["404"], in: json) == ["$ref": "#/components/responses/NotFound"])
        }
        #expect(at(["components", "schemas", "Book", "required"], in: json) == ["name"])
        #expect(at(["components", "headers", "Request-Id", "required"], in: json) == true)
    }

    @Test func `bodies refuse what is not known, answers may grow`() {
        let json = document(read, write)
        #expect(at(["components", "schemas", "NewBook", "additionalProperties"], in: json) == false)
        #expect(at(["components", "schemas", "NewBook", "required"], in: json) == ["name"])
        #expect(at(["components", "schemas", "Book", "additionalProperties"], in: json) == nil)
        let example = ["paths", "/books/{id}", "put", "requestBody", "content", "application/json", "example"]
        #expect(at(example, in: json) == ["name": "Emma"])
    }

    @Test func `either way of proving who calls is enough`() {
        let json = document(read, write)
        #expect(at(["paths", "/books/{id}", "get", "security"], in: json) == [])
        #expect(at(["paths", "/books/{id}", "put", "security"], in: json) == [["bearer": []], ["cookie": []]])
    }

    @Test func `problem details are told where they may come`() {
        let json = document(read, write)
        let content = { self.at(["components", "responses", $0, "content", "application/problem+json"], in: json) }
        #expect(content("NotFound") != nil)
        #expect(content("ServiceUnavailable") == nil)
    }

    @Test func `two answers of one status are one, with what either may be`() {
        let healthy = Answer.success(.serviceUnavailable, "Ill.", .object(Self.book))
        let merged = healthy.merged(with: .error(.unavailable, "Busy.", "Busy."))
        #expect(merged.about == "Ill. Busy.")
        #expect(merged.body?.violation(of: ["name": "Emma"]) == nil)
        let error: JSONValue = ["error": ["code": "X", "message": "x", "details": [], "request_id": "1"]]
        #expect(merged.body?.violation(of: error) == nil)
        #expect(merged.body?.violation(of: ["name": ""]) != nil)
    }
}
