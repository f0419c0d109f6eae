/// The types by which a schema describes itself (section 4.2).
enum Introspection {
    /// The fields that every type has, or the root of queries (section 4.1).
    static let typename = FieldDefinition("__typename", "String!", description: "The name of the object's type.")
    static let schema = FieldDefinition("__schema", "__Schema!", description: "What this service offers.")
    static let type = FieldDefinition(
        "__type",
        "__Type",
        description: "The type of that name.",
        arguments: [.init("name", "String!")]
    )

    static let names = Set(types.map(\.name))

    static let types: [NamedType] = [
        schemaType, typeType, typeKind, fieldType, inputValueType, enumValueType, directiveType, directiveLocation,
    ]

    private static let withDeprecated = InputValueDefinition("includeDeprecated", "Boolean!", default: "false")

    private static let schemaType = NamedType(
        .object,
        "__Schema",
        description: "What a service offers: its types and directives, and where operations begin.",
        fields: [
            .init("description", "String"),
            .init("types", "[__Type!]!", description: "All types, the built-in ones too."),
            .init("queryType", "__Type!", description: "Where queries begin."),
            .init("mutationType", "__Type", description: "Where mutations begin, if there are any."),
            .init("subscriptionType", "__Type", description: "Where subscriptions begin, if there are any."),
            .init("directives", "[__Directive!]!", description: "All directives."),
        ]
    )

    private static let typeType = NamedType(
        .object,
        "__Type",
        description:
            "A type: one with a name, or a list or non-null form of another. What its kind does not have is null.",
        fields: [
            .init("kind", "__TypeKind!"),
            .init("name", "String"),
            .init("description", "String"),
            .init("specifiedByURL", "String"),
            .init("fields", "[__Field!]", arguments: [withDeprecated]),
            .init("interfaces", "[__Type!]"),
            .init("possibleTypes", "[__Type!]"),
            .init("enumValues", "[__EnumValue!]", arguments: [withDeprecated]),
            .init("inputFields", "[__InputValue!]", arguments: [withDeprecated]),
            .init("ofType", "__Type"),
            .init("isOneOf", "Boolean"),
        ]
    )

    private static let typeKind = NamedType(
        .enumeration,
        "__TypeKind",
        description: "The kinds of types.",
        values: [
            .init("SCALAR"), .init("OBJECT"), .init("INTERFACE"), .init("UNION"), .init("ENUM"), .init("INPUT_OBJECT"),
            .init("LIST"), .init("NON_NULL"),
        ]
    )

    private static let fieldType = NamedType(
        .object,
        "__Field",
        description: "A field of an object type or interface.",
        fields: [
            .init("name", "String!"),
            .init("description", "String"),
            .init("args", "[__InputValue!]!", arguments: [withDeprecated]),
            .init("type", "__Type!"),
            .init("isDeprecated", "Boolean!"),
            .init("deprecationReason", "String"),
        ]
    )

    private static let inputValueType = NamedType(
        .object,
        "__InputValue",
        description: "An argument, or a field of an input object.",
        fields: [
            .init("name", "String!"),
            .init("description", "String"),
            .init("type", "__Type!"),
            .init("defaultValue", "String", description: "The default as a literal."),
            .init("isDeprecated", "Boolean!"),
            .init("deprecationReason", "String"),
        ]
    )

    private static let enumValueType = NamedType(
        .object,
        "__EnumValue",
        description: "A value of an enumeration.",
        fields: [
            .init("name", "String!"),
            .init("description", "String"),
            .init("isDeprecated", "Boolean!"),
            .init("deprecationReason", "String"),
        ]
    )

    private static let directiveType = NamedType(
        .object,
        "__Directive",
        description: "A directive that documents may use.",
        fields: [
            .init("name", "String!"),
            .init("description", "String"),
            .init("isRepeatable", "Boolean!"),
            .init("locations", "[__DirectiveLocation!]!"),
            .init("args", "[__InputValue!]!", arguments: [withDeprecated]),
        ]
    )

    private static let directiveLocation = NamedType(
        .enumeration,
        "__DirectiveLocation",
        description: "Where a directive may stand.",
        values: DirectiveLocation.allCases.map { EnumValueDefinition($0.rawValue) }
    )
}
