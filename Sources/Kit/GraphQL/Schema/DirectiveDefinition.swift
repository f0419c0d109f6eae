/// A directive that documents may use (section 3.13).
public final class DirectiveDefinition: Sendable {
    /// Its name, without the at sign.
    public let name: String
    /// What it means, in Markdown.
    public let description: String?
    /// What it takes.
    public let arguments: [InputValueDefinition]
    /// Where it may stand.
    public let locations: [DirectiveLocation]
    /// Whether it may stand twice at one place.
    public let isRepeatable: Bool

    /// Makes a directive.
    ///
    /// The schema checks it.
    public init(
        _ name: String,
        description: String? = nil,
        arguments: [InputValueDefinition] = [],
        locations: [DirectiveLocation],
        isRepeatable: Bool = false
    ) {
        self.name = name
        self.description = description
        self.arguments = arguments
        self.locations = locations
        self.isRepeatable = isRepeatable
    }
}

extension DirectiveDefinition {
    static let defaultDeprecationReason = "No longer supported"

    /// The directives that every schema has (sections 3.13.1 to 3.13.5).
    static let builtIn: [DirectiveDefinition] = [
        DirectiveDefinition(
            "include",
            description: "Directs the executor to include this field or fragment only when the `if` argument is true.",
            arguments: [.init("if", "Boolean!", description: "Included when true.")],
            locations: [.field, .fragmentSpread, .inlineFragment]
        ),
        DirectiveDefinition(
            "skip",
            description: "Directs the executor to skip this field or fragment when the `if` argument is true.",
            arguments: [.init("if", "Boolean!", description: "Skipped when true.")],
            locations: [.field, .fragmentSpread, .inlineFragment]
        ),
        DirectiveDefinition(
            "deprecated",
            description: "Marks an element of a GraphQL schema as no longer supported.",
            arguments: [
                .init(
                    "reason",
                    "String!",
                    description: "Explains why this element was deprecated, and what to use instead, in Markdown.",
                    default: "\"\(defaultDeprecationReason)\""
                )
            ],
            locations: [.fieldDefinition, .argumentDefinition, .inputFieldDefinition, .enumValue]
        ),
        DirectiveDefinition(
            "specifiedBy",
            description: "Exposes a URL that specifies the behavior of this scalar.",
            arguments: [.init("url", "String!", description: "The URL that specifies the behavior of this scalar.")],
            locations: [.scalar]
        ),
        DirectiveDefinition(
            "oneOf",
            description: "Indicates exactly one field must be supplied and this field must not be `null`.",
            locations: [.inputObject]
        ),
    ]
}
