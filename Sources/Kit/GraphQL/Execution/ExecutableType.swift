/// A field of an object type with all that executing it needs.
final class ExecutableField {
    let definition: FieldDefinition
    /// The type of its values, inside all lists.
    let type: NamedType
    /// nil where nothing resolves it, as the name of the type itself.
    let resolver: Resolver?

    init(_ definition: FieldDefinition, _ type: NamedType, _ resolver: Resolver?) {
        self.definition = definition
        self.type = type
        self.resolver = resolver
    }
}

/// An object type whose fields have been put together with what resolves them, once for a schema.
final class ExecutableType {
    /// By name, with those that every type has and those of the root of queries (section 4.1).
    let fields: [String: ExecutableField]

    init(_ type: NamedType, in schema: Schema, _ resolvers: ResolverTable) {
        var definitions = type.fields + [Introspection.typename]
        if type === schema.root(.query) { definitions += [Introspection.schema, Introspection.type] }
        var fields: [String: ExecutableField] = [:]
        for definition in definitions {
            guard let result = schema.type(of: definition.type) else { continue }
            fields[definition.name] = ExecutableField(definition, result, resolvers[type.name, definition.name])
        }
        self.fields = fields
    }
}
