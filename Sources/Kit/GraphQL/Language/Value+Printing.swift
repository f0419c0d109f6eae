internal import JSON

extension Value.Kind {
    /// The literal as documents write it.
    var printed: String {
        switch self {
        case .variable(let name): "$" + name
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let text), .float(let text), .enumeration(let text): text
        case .string(let text): Self.quoted(text)
        case .list(let elements): "[" + elements.map(\.kind.printed).joined(separator: ", ") + "]"
        case .object(let fields):
            fields.isEmpty
                ? "{}"
                : "{ " + fields.map { "\($0.name.text): \($0.value.kind.printed)" }.joined(separator: ", ") + " }"
        }
    }

    /// Every string of JSON is one of GraphQL too (section 2.9.4).
    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension Parser {
    /// Reads one literal without variables.
    static func constant(_ text: String) throws(GraphQLError) -> Value {
        var parser = Parser(Lexer(Array(text.utf8)), limits: .trusted)
        try parser.advance()
        let value = try parser.value(isConstant: true)
        try parser.expect(.end)
        return value
    }
}
