internal import HTTPPipeline
internal import JSON

/// Makes the document, and collects what several operations share under `components`.
struct DocumentWriting {
    private let document: Document
    private var schemas = SchemaWriting()
    private var responses: [(String, JSONValue)] = []
    private var fields: [(String, JSONValue)] = []

    init(_ document: Document) {
        self.document = document
    }

    mutating func json() -> JSONValue {
        let paths = self.paths()
        return [
            "openapi": "3.1.0",
            "info": [
                "title": .string(document.title),
                "version": .string(document.version),
                "description": .string(document.about),
            ],
            "servers": [["url": "/"]],
            "tags": .array(document.tags.map { ["name": .string($0.name), "description": .string($0.about)] }),
            "paths": paths,
            "components": [
                "schemas": SchemaWriting.object(schemas.named.map { ($0.name, $0.schema) }),
                "responses": SchemaWriting.object(responses),
                "headers": SchemaWriting.object(fields),
                "securitySchemes": SchemaWriting.object(
                    document.securitySchemes.map { ($0.name, Self.json($0.scheme)) }
                ),
            ],
        ]
    }

    private mutating func paths() -> JSONValue {
        var paths: [(String, [(String, JSONValue)])] = []
        for operation in document.operations {
            let entry = (operation.method.rawValue.lowercased(), json(operation))
            if let index = paths.firstIndex(where: { $0.0 == operation.path }) {
                paths[index].1.append(entry)
            } else {
                paths.append((operation.path, [entry]))
            }
        }
        return SchemaWriting.object(paths.map { ($0.0, SchemaWriting.object($0.1)) })
    }

    private mutating func json(_ operation: Operation) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("operationId", .string(operation.id)),
            ("tags", [.string(operation.tag)]),
            ("summary", .string(operation.summary)),
        ]
        if !operation.details.isEmpty { members.append(("description", .string(operation.details))) }
        members.append(("security", security(operation.security)))
        if !operation.parameters.isEmpty {
            var parameters: [JSONValue] = []
            for parameter in operation.parameters { parameters.append(json(parameter)) }
            members.append(("parameters", .array(parameters)))
        }
        if let body = operation.body { members.append(("requestBody", json(body))) }
        var answers: [(String, JSONValue)] = []
        for answer in operation.answers.sorted(by: { $0.status.code < $1.status.code }) {
            answers.append(("\(answer.status.code)", response(answer)))
        }
        members.append(("responses", SchemaWriting.object(answers)))
        return SchemaWriting.object(members)
    }

    /// One of the schemes is enough; the empty requirement stands for nobody.
    private func security(_ security: Operation.Security) -> JSONValue {
        let each = document.securitySchemes.map { SchemaWriting.object([($0.name, [])]) }
        return switch security {
        case .none: []
        case .optional: .array([[:]] + each)
        case .required: .array(each)
        }
    }

    private mutating func json(_ parameter: Parameter) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("name", .string(parameter.name)), ("in", .string(parameter.place.rawValue)),
        ]
        if !parameter.about.isEmpty { members.append(("description", .string(parameter.about))) }
        if parameter.isRequired { members.append(("required", true)) }
        members.append(("schema", schemas.json(parameter.schema)))
        if let example = parameter.example { members.append(("example", example)) }
        return SchemaWriting.object(members)
    }

    private mutating func json(_ body: RequestBody) -> JSONValue {
        let schema = schemas.json(ofBody: body.schema)
        let media: JSONValue = ["schema": schema, "example": body.example]
        return ["required": true, "content": SchemaWriting.object(body.mediaTypes.map { ($0, media) })]
    }

    // MARK: - Answers

    /// Errors are described once for all operations that tell the same about them.
    private mutating func response(_ answer: Answer) -> JSONValue {
        guard answer.isError, answer.content == nil else { return json(answer) }
        let name = answer.status.reason.filter { $0 != " " }
        let described = json(answer)
        if let known = responses.first(where: { $0.0 == name }) {
            return known.1 == described ? ["$ref": "#/components/responses/\(name)"] : described
        }
        responses.append((name, described))
        return ["$ref": "#/components/responses/\(name)"]
    }

    private mutating func json(_ answer: Answer) -> JSONValue {
        var members: [(String, JSONValue)] = [("description", .string(answer.about))]
        var fields: [(String, JSONValue)] = []
        for field in document.commonFields + answer.fields { fields.append((field.name, reference(to: field))) }
        members.append(("headers", SchemaWriting.object(fields)))
        var content: [(String, JSONValue)] = []
        if let body = answer.body {
            var media: [(String, JSONValue)] = [("schema", schemas.json(body))]
            if let example = answer.example { media.append(("example", example)) }
            content.append(("application/json", SchemaWriting.object(media)))
        }
        if answer.isError, answer.mayBeProblem {
            content.append(("application/problem+json", ["schema": schemas.json(.object(ErrorBody.problems.shape))]))
        }
        if !content.isEmpty { members.append(("content", SchemaWriting.object(content))) }
        return SchemaWriting.object(members)
    }

    private mutating func reference(to field: Answer.Field) -> JSONValue {
        var members: [(String, JSONValue)] = [("description", .string(field.about))]
        if field.isRequired { members.append(("required", true)) }
        members.append(("schema", schemas.json(field.schema)))
        members.append(("example", field.example))
        let described = SchemaWriting.object(members)
        if let known = fields.first(where: { $0.0 == field.name }) {
            return known.1 == described ? ["$ref": "#/components/headers/\(field.name)"] : described
        }
        fields.append((field.name, described))
        return ["$ref": "#/components/headers/\(field.name)"]
    }

    private static func json(_ scheme: Document.SecurityScheme) -> JSONValue {
        switch scheme {
        case .bearer(let about): ["type": "http", "scheme": "bearer", "description": .string(about)]
        case .cookie(let name, let about):
            ["type": "apiKey", "in": "cookie", "name": .string(name), "description": .string(about)]
        }
    }
}
