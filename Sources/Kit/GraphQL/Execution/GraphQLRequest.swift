public import JSON

/// What a client asks for (GraphQL over HTTP, section 5: parameters).
public struct GraphQLRequest: Sendable {
    /// The document; nil where only its hash was sent.
    public var query: String?
    /// Which of its operations; nil where it has one only.
    public var operationName: String?
    /// The variables, not coerced.
    public var variables: JSONObject
    /// What is beyond the specification.
    public var extensions: JSONObject

    /// Makes a request.
    ///
    /// Nothing is checked.
    public init(
        query: String?,
        operationName: String? = nil,
        variables: JSONObject = JSONObject(),
        extensions: JSONObject = JSONObject()
    ) {
        self.query = query
        self.operationName = operationName
        self.variables = variables
        self.extensions = extensions
    }

    /// Reads the body of a request.
    ///
    /// Unknown members are ignored, null stands for what is not given. Throws an error that says which parameter is
    /// wrong.
    public init(_ body: JSONValue) throws(GraphQLError) {
        guard case .object(let object) = body else {
            throw GraphQLError("The body of a GraphQL request must be a JSON object.")
        }
        query = try Self.text("query", object)
        operationName = try Self.text("operationName", object)
        variables = try Self.object("variables", object)
        extensions = try Self.object("extensions", object)
        if query == nil, extensions["persistedQuery"] == nil {
            throw GraphQLError("The parameter 'query' is missing.")
        }
    }

    private static func text(_ name: String, _ object: JSONObject) throws(GraphQLError) -> String? {
        switch object[name] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default: throw GraphQLError("The parameter '\(name)' must be a string.")
        }
    }

    private static func object(_ name: String, _ object: JSONObject) throws(GraphQLError) -> JSONObject {
        switch object[name] {
        case nil, .null?: return JSONObject()
        case .object(let value)?: return value
        default: throw GraphQLError("The parameter '\(name)' must be an object.")
        }
    }
}
