internal import GraphQL
internal import HTTPPipeline
internal import JSON

extension SchemaBuilder {
    /// Adds an input object for a declared body, with a field for each of its members, and those of objects within it.
    mutating func input(_ schema: ObjectSchema, description: String? = nil) {
        guard let name = schema.graphQLName else { return }
        for member in schema.members {
            if case .objects(let inner, _) = member.schema { input(inner) }
        }
        input(name, description: description, fields: schema.graphQLFields)
    }
}

extension ObjectSchema {
    /// A field, or an argument, for each member.
    var graphQLFields: [InputValueDefinition] {
        members.compactMap { member in
            guard let type = member.schema.graphQLType(in: name) else { return nil }
            return InputValueDefinition(
                GraphQLNames.field(member.name),
                member.isRequired ? type : type.nullable,
                description: GraphQLNames.description(member.about, member.schema.enumeration(in: name))
            )
        }
    }

    /// Reads what a client of GraphQL gave, by the same rules as a body; null counts as left out.
    ///
    /// - Throws: ``HTTPError`` 400 with a detail for each faulty member.
    func read(_ arguments: Arguments) throws -> MemberValues {
        try read(.object(translated(arguments.values)))
    }

    /// The same under the names of members, with the choices of members.
    private func translated(_ object: JSONObject) -> JSONObject {
        JSONObject(
            members.compactMap { member in
                guard let value = object[GraphQLNames.field(member.name)], value != .null else { return nil }
                return JSONObject.Member(name: member.name, value: translated(value, member.schema))
            }
        )
    }

    private func translated(_ value: JSONValue, _ schema: ValueSchema) -> JSONValue {
        switch (schema, value) {
        case (.choice, .string(let name)):
            schema.enumeration(in: self.name)?.choice(name).map(JSONValue.string) ?? value
        case (.objects(let inner, _), .array(let elements)):
            .array(
                elements.map { element in
                    guard case .object(let object) = element else { return element }
                    return .object(inner.translated(object))
                }
            )
        default: value
        }
    }
}
