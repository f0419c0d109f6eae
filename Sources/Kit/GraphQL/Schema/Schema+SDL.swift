extension Schema {
    /// Makes a schema of a text in the schema definition language (section 3).
    ///
    /// Extensions and directives other than the built-in ones on definitions are read, but extensions are refused.
    /// Scalars take every value. Throws what is wrong with the text (``GraphQLError``) or the schema (``SchemaError``).
    public convenience init(sdl: String) throws {
        let document = try Document(sdl, limits: .trusted)
        var types: [NamedType] = []
        var directives: [DirectiveDefinition] = []
        var description: String?
        var roots: [OperationKind: String]?
        for definition in document.definitions {
            guard case .typeSystem(let node) = definition else {
                throw SchemaError("A schema document holds no operations and fragments.")
            }
            if node.isExtension { throw SchemaError("Extensions are not supported.") }
            switch node.kind {
            case .schema:
                if roots != nil { throw SchemaError("Must provide only one schema definition.") }
                description = node.description
                roots = [:]
                for (kind, type) in node.operations where roots?.updateValue(type.text, forKey: kind) != nil {
                    throw SchemaError("There can be only one \(kind.rawValue) type in schema.")
                }
            case .directive:
                directives.append(
                    DirectiveDefinition(
                        node.name.text,
                        description: node.description,
                        arguments: node.inputs.map(InputValueDefinition.init),
                        locations: node.locations,
                        isRepeatable: node.isRepeatable
                    )
                )
            default: types.append(NamedType(node))
            }
        }
        let names = Set(types.map(\.name))
        let assumed: [OperationKind: String] = [.query: "Query", .mutation: "Mutation", .subscription: "Subscription"]
        try self.init(
            description: description,
            types: types,
            directives: directives,
            roots: roots ?? assumed.filter { names.contains($0.value) }
        )
    }
}

extension NamedType {
    fileprivate convenience init(_ node: TypeSystemDefinition) {
        let kind: TypeKind =
            switch node.kind {
            case .type: .object
            case .interface: .interface
            case .union: .union
            case .enumeration: .enumeration
            case .input: .inputObject
            default: .scalar
            }
        self.init(
            kind,
            node.name.text,
            description: node.description,
            specifiedBy: node.directives.text("specifiedBy", "url"),
            isOneOf: node.directives.contains { $0.name.text == "oneOf" },
            fields: node.fields.map(FieldDefinition.init),
            interfaces: kind == .union ? [] : node.types.map(\.text),
            members: kind == .union ? node.types.map(\.text) : [],
            values: node.values.map { value in
                EnumValueDefinition(
                    value.name.text,
                    description: value.description,
                    deprecation: value.directives.deprecation
                )
            },
            inputs: node.inputs.map(InputValueDefinition.init),
            coercion: kind == .scalar
                ? NamedType.builtInScalars.first { $0.name == node.name.text }?.coercion ?? .any
                : nil
        )
    }
}

extension FieldDefinition {
    fileprivate convenience init(_ node: FieldNode) {
        self.init(
            node.name.text,
            node.type.reference,
            description: node.description,
            arguments: node.arguments.map(InputValueDefinition.init),
            deprecation: node.directives.deprecation
        )
    }
}

extension InputValueDefinition {
    fileprivate convenience init(_ node: InputValueNode) {
        self.init(
            node.name.text,
            node.type.reference,
            description: node.description,
            defaultValue: node.defaultValue,
            deprecation: node.directives.deprecation
        )
    }
}

extension [Directive] {
    fileprivate var deprecation: String? {
        guard contains(where: { $0.name.text == "deprecated" }) else { return nil }
        return text("deprecated", "reason") ?? DirectiveDefinition.defaultDeprecationReason
    }

    fileprivate func text(_ directive: String, _ argument: String) -> String? {
        let arguments = first { $0.name.text == directive }?.arguments
        if case .string(let text) = arguments?.first(where: { $0.name.text == argument })?.value.kind { return text }
        return nil
    }
}
