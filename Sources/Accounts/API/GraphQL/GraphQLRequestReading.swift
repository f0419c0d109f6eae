internal import GraphQL
internal import HTTPPipeline
internal import JSON

/// What a request asks, read from its query or its body (GraphQL over HTTP, sections "GET" and "POST").
struct AskedOperation {
    let operation: GraphQLRequest
    /// The body; nil where there was none.
    let content: JSONValue?

    private static let query = Member<String>(string: "query", .string(length: 0...Int.max))
    private static let name = Member<String>(string: "operationName", .string(length: 0...Int.max))
    private static let variables = Member<String>(string: "variables", .string(length: 0...Int.max))
    private static let extensions = Member<String>(string: "extensions", .string(length: 0...Int.max))
    private static let parameters = QuerySchema(
        [.optional(query), .optional(name), .optional(variables), .optional(extensions)],
        ignoresUnknown: true
    )
    /// For its media type and its limits.
    private static let body = ObjectSchema([])

    /// Reads a request.
    ///
    /// - Throws: ``HTTPError`` 400 for what is no JSON, 413 past the limit, 415 for another media type; `RequestFailure` for
    ///   parameters that are none.
    init(_ request: Request, bodyLimit: Int) throws {
        let value: JSONValue
        if request.method == .post {
            value = try Self.body.content(of: request, limit: bodyLimit)
            content = value
        } else {
            value = try Self.parameters(request.query)
            content = nil
        }
        do throws(GraphQLError) {
            operation = try GraphQLRequest(value)
        } catch {
            throw RequestFailure(.parameters, [error])
        }
    }

    /// The query as the object that a body would be; the empty text stands for what is not given.
    private static func parameters(_ bytes: [UInt8]) throws -> JSONValue {
        let values = try parameters.read(bytes)
        var members: [JSONObject.Member] = []
        for member in [query, name] {
            if let text = values[member], !text.isEmpty {
                members.append(.init(name: member.name, value: .string(text)))
            }
        }
        for member in [variables, extensions] {
            guard let text = values[member], !text.isEmpty else { continue }
            do throws(JSONError) {
                members.append(.init(name: member.name, value: try JSONReader.read(Array(text.utf8))))
            } catch {
                throw HTTPError(.malformedJSON, "The parameter '\(member.name)' is no JSON: \(error.message)")
            }
        }
        return .object(JSONObject(members))
    }
}
