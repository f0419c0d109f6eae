internal import JSON

/// A type as `__Type` shows it.
private struct DescribedType {
    let reference: TypeReference
    let schema: Schema

    var kind: TypeKind? {
        switch reference {
        case .named: named?.kind
        case .list: .list
        case .nonNull: .nonNull
        }
    }

    var named: NamedType? {
        if case .named(let name) = reference { schema.type(name) } else { nil }
    }

    var inner: DescribedType? {
        switch reference {
        case .named: nil
        case .list(let inner), .nonNull(let inner): DescribedType(reference: inner, schema: schema)
        }
    }

    func described(_ names: [String]) -> Resolved<DescribedType> {
        .list(names.map { .value(DescribedType(reference: .named($0), schema: schema)) })
    }
}

/// Something of a schema, with the schema in which its types are found.
private struct Described<Element> {
    let element: Element
    let schema: Schema

    static func list(_ elements: [Element], _ schema: Schema) -> Resolved<Described<Element>> {
        .list(elements.map { .value(Described(element: $0, schema: schema)) })
    }

    func type(_ reference: TypeReference) -> Resolved<DescribedType> {
        .value(DescribedType(reference: reference, schema: schema))
    }
}

extension Optional<String> {
    fileprivate var json: JSONValue { map(JSONValue.string) ?? .null }
}

private func withoutDeprecated<Element>(
    _ elements: [Element],
    _ arguments: Arguments,
    _ deprecation: (Element) -> String?
) -> [Element] {
    arguments["includeDeprecated"] == .bool(true) ? elements : elements.filter { deprecation($0) == nil }
}

extension ResolverTable {
    /// Adds what answers `__schema` and `__type`, by the same means as all else (section 4.2).
    mutating func addIntrospection(of schema: Schema) {
        addRoots(schema)
        addSchema()
        addType()
        addElements()
    }

    private mutating func addRoots(_ schema: Schema) {
        guard let query = schema.root(.query)?.name else { return }
        self[query, "__schema"] = Resolver { objects, _, _ in
            ResolvedColumn(
                Array(repeating: Resolved.value(schema), count: objects.count),
                type: "__Schema"
            )
        }
        self[query, "__type"] = Resolver { objects, arguments, _ in
            let type = arguments.string("name").flatMap { schema.type($0) }
            let resolved = type.map { Resolved.value(DescribedType(reference: .named($0.name), schema: schema)) }
            return ResolvedColumn(Array(repeating: resolved ?? .null, count: objects.count), type: "__Type")
        }
    }

    private mutating func addSchema() {
        var fields = ResolverSet<Any, Schema>()
        fields.leaf("description") { $0.description.json }
        fields.object("types", of: "__Type") { schema, _ in
            .list(schema.types.map { .value(DescribedType(reference: .named($0.name), schema: schema)) })
        }
        for (name, kind) in [("queryType", OperationKind.query), ("mutationType", .mutation)] {
            fields.object(name, of: "__Type") { schema, _ in Self.root(kind, schema) }
        }
        fields.object("subscriptionType", of: "__Type") { schema, _ in Self.root(.subscription, schema) }
        fields.object("directives", of: "__Directive") { schema, _ in Described.list(schema.directives, schema) }
        add("__Schema", fields)
    }

    private static func root(_ kind: OperationKind, _ schema: Schema) -> Resolved<DescribedType> {
        schema.root(kind).map { .value(DescribedType(reference: .named($0.name), schema: schema)) } ?? .null
    }

    private mutating func addType() {
        var fields = ResolverSet<Any, DescribedType>()
        fields.leaf("kind") { ($0.kind?.rawValue).json }
        fields.leaf("name") { ($0.named?.name).json }
        fields.leaf("description") { ($0.named?.description).json }
        fields.leaf("specifiedByURL") { ($0.named?.specifiedBy).json }
        fields.leaf("isOneOf") { type in
            if let named = type.named, named.kind == .inputObject { .bool(named.isOneOf) } else { .null }
        }
        fields.object("ofType", of: "__Type") { type, _ in type.inner.map { .value($0) } ?? .null }
        fields.object("fields", of: "__Field") { type, arguments in
            guard let named = type.named, named.kind == .object || named.kind == .interface else {
                return Resolved<Described<FieldDefinition>>.null
            }
            return Described.list(withoutDeprecated(named.fields, arguments) { $0.deprecation }, type.schema)
        }
        fields.object("interfaces", of: "__Type") { type, _ in
            guard let named = type.named, named.kind == .object || named.kind == .interface else {
                return Resolved<DescribedType>.null
            }
            return type.described(named.interfaces)
        }
        fields.object("possibleTypes", of: "__Type") { type, _ in
            guard let named = type.named, named.kind.isAbstract else { return Resolved<DescribedType>.null }
            return type.described(type.schema.possibleTypeList(of: named))
        }
        fields.object("enumValues", of: "__EnumValue") { type, arguments in
            guard let named = type.named, named.kind == .enumeration else {
                return Resolved<Described<EnumValueDefinition>>.null
            }
            return Described.list(withoutDeprecated(named.values, arguments) { $0.deprecation }, type.schema)
        }
        fields.object("inputFields", of: "__InputValue") { type, arguments in
            guard let named = type.named, named.kind == .inputObject else {
                return Resolved<Described<InputValueDefinition>>.null
            }
            return Described.list(withoutDeprecated(named.inputs, arguments) { $0.deprecation }, type.schema)
        }
        add("__Type", fields)
    }

    private mutating func addElements() {
        var fields = ResolverSet<Any, Described<FieldDefinition>>()
        fields.leaf("name") { .string($0.element.name) }
        fields.leaf("description") { $0.element.description.json }
        fields.object("args", of: "__InputValue") { field, arguments in
            Described.list(withoutDeprecated(field.element.arguments, arguments) { $0.deprecation }, field.schema)
        }
        fields.object("type", of: "__Type") { field, _ in field.type(field.element.type) }
        fields.leaf("isDeprecated") { .bool($0.element.deprecation != nil) }
        fields.leaf("deprecationReason") { $0.element.deprecation.json }
        add("__Field", fields)

        var inputs = ResolverSet<Any, Described<InputValueDefinition>>()
        inputs.leaf("name") { .string($0.element.name) }
        inputs.leaf("description") { $0.element.description.json }
        inputs.object("type", of: "__Type") { input, _ in input.type(input.element.type) }
        inputs.leaf("defaultValue") { ($0.element.defaultValue?.kind.printed).json }
        inputs.leaf("isDeprecated") { .bool($0.element.deprecation != nil) }
        inputs.leaf("deprecationReason") { $0.element.deprecation.json }
        add("__InputValue", inputs)

        var values = ResolverSet<Any, Described<EnumValueDefinition>>()
        values.leaf("name") { .string($0.element.name) }
        values.leaf("description") { $0.element.description.json }
        values.leaf("isDeprecated") { .bool($0.element.deprecation != nil) }
        values.leaf("deprecationReason") { $0.element.deprecation.json }
        add("__EnumValue", values)

        var directives = ResolverSet<Any, Described<DirectiveDefinition>>()
        directives.leaf("name") { .string($0.element.name) }
        directives.leaf("description") { $0.element.description.json }
        directives.leaf("isRepeatable") { .bool($0.element.isRepeatable) }
        directives.leaf("locations") { .array($0.element.locations.map { .string($0.rawValue) }) }
        directives.object("args", of: "__InputValue") { directive, arguments in
            Described.list(
                withoutDeprecated(directive.element.arguments, arguments) { $0.deprecation },
                directive.schema
            )
        }
        add("__Directive", directives)
    }
}
