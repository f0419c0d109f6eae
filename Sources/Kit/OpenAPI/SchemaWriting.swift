internal import HTTPPipeline
internal import JSON

/// Turns schemas into JSON Schema (draft 2020-12, as OpenAPI 3.1 has it), and keeps those with a name apart.
struct SchemaWriting {
    /// The schemas that have a name, for `components`.
    private(set) var named: [(name: String, schema: JSONValue)] = []

    /// The schema of a value.
    mutating func json(_ schema: ValueSchema) -> JSONValue {
        switch schema {
        case .string(let length, let format):
            var members: [(String, JSONValue)] = [("type", "string")]
            if length.lowerBound > 0 { members.append(("minLength", .integer(Int64(length.lowerBound)))) }
            if length.upperBound < .max { members.append(("maxLength", .integer(Int64(length.upperBound)))) }
            if let format { members.append(("format", .string(format))) }
            return Self.object(members)
        case .integer(let range):
            var members: [(String, JSONValue)] = [("type", "integer"), ("minimum", .integer(range.lowerBound))]
            members.append(("maximum", .integer(range.upperBound)))
            return Self.object(members)
        case .boolean: return ["type": "boolean"]
        case .choice(let choices): return ["type": "string", "enum": .array(choices.map(JSONValue.string))]
        case .uuid: return ["type": "string", "format": "uuid"]
        case .dateTime: return ["type": "string", "format": "date-time"]
        case .date: return ["type": "string", "format": "date"]
        case .objects(let schema, let count): return array(of: object(schema.shape, isClosed: true), count)
        case .array(let schema, let count): return array(of: json(schema), count)
        case .nullable(let schema): return nullable(json(schema))
        case .object(let shape): return object(shape, isClosed: false)
        case .anyOf(let schemas):
            var kinds: [JSONValue] = []
            for schema in schemas { kinds.append(json(schema)) }
            return ["anyOf": .array(kinds)]
        case .any: return ["type": "object"]
        }
    }

    /// The schema of a body that is sent: a member that is not known is refused.
    mutating func json(ofBody schema: ValueSchema) -> JSONValue {
        switch schema {
        case .object(let shape): return object(shape, isClosed: true)
        case .anyOf(let schemas):
            var kinds: [JSONValue] = []
            for schema in schemas { kinds.append(json(ofBody: schema)) }
            return ["anyOf": .array(kinds)]
        default: return json(schema)
        }
    }

    /// An object; answers stay open, so that a member can be added one day.
    private mutating func object(_ shape: ObjectShape, isClosed: Bool) -> JSONValue {
        if let name = shape.name, named.contains(where: { $0.name == name }) { return Self.reference(name) }
        var properties: [(String, JSONValue)] = []
        for member in shape.members { properties.append((member.name, self.member(member))) }
        var members: [(String, JSONValue)] = [("type", "object")]
        members.append(("properties", Self.object(properties)))
        let required = shape.members.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { members.append(("required", .array(required))) }
        if isClosed { members.append(("additionalProperties", false)) }
        guard let name = shape.name else { return Self.object(members) }
        named.append((name, Self.object(members)))
        return Self.reference(name)
    }

    private mutating func member(_ member: ObjectShape.Member) -> JSONValue {
        guard case .object(var schema) = json(member.schema) else { return [:] }
        if !member.about.isEmpty { schema.members.append(.init(name: "description", value: .string(member.about))) }
        if let example = member.example, !Self.hasMembers(member.schema) {
            schema.members.append(.init(name: "examples", value: [example]))
        }
        return .object(schema)
    }

    /// Whether the parts have examples of their own.
    private static func hasMembers(_ schema: ValueSchema) -> Bool {
        switch schema {
        case .object, .objects, .array: true
        case .nullable(let schema): hasMembers(schema)
        default: false
        }
    }

    private func array(of items: JSONValue, _ count: ClosedRange<Int>) -> JSONValue {
        var members: [(String, JSONValue)] = [("type", "array"), ("items", items)]
        if count.lowerBound > 0 { members.append(("minItems", .integer(Int64(count.lowerBound)))) }
        if count.upperBound < .max { members.append(("maxItems", .integer(Int64(count.upperBound)))) }
        return Self.object(members)
    }

    private func nullable(_ schema: JSONValue) -> JSONValue {
        guard case .object(var object) = schema, case .string(let type)? = object["type"] else {
            return ["anyOf": [schema, ["type": "null"]]]
        }
        object.members = object.members.map {
            $0.name == "type" ? .init(name: "type", value: [.string(type), "null"]) : $0
        }
        return .object(object)
    }

    private static func reference(_ name: String) -> JSONValue { ["$ref": "#/components/schemas/\(name)"] }

    /// An object of pairs.
    static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(JSONObject(members.map { JSONObject.Member(name: $0.0, value: $0.1) }))
    }
}
