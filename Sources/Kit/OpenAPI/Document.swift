internal import HTTPPipeline
public import JSON

/// The description of an API in OpenAPI 3.1, made of what its routes declare.
public struct Document: Sendable {
    /// A group of operations.
    public struct Tag: Sendable {
        /// Its name.
        public let name: String
        /// One sentence.
        public let about: String

        /// Names a group.
        public init(_ name: String, _ about: String) {
            self.name = name
            self.about = about
        }
    }

    /// A way to prove who calls.
    public enum SecurityScheme: Sendable {
        /// `Authorization: Bearer ...`.
        case bearer(about: String)
        /// A cookie of that name.
        case cookie(name: String, about: String)
    }

    /// What the API is called.
    public let title: String
    /// The version of what is described.
    public let version: String
    /// What there is to know about all of it, in Markdown.
    public let about: String
    /// The groups, in the order of the documentation.
    public let tags: [Tag]
    /// The ways to prove who calls, by their names.
    public let securitySchemes: [(name: String, scheme: SecurityScheme)]
    /// The header fields that every answer carries.
    public let commonFields: [Answer.Field]
    /// The operations, in the order of the documentation.
    public let operations: [Operation]

    /// Describes an API.
    public init(
        title: String,
        version: String,
        about: String,
        tags: [Tag],
        securitySchemes: [(name: String, scheme: SecurityScheme)],
        commonFields: [Answer.Field],
        operations: [Operation]
    ) {
        self.title = title
        self.version = version
        self.about = about
        self.tags = tags
        self.securitySchemes = securitySchemes
        self.commonFields = commonFields
        self.operations = operations
    }

    /// The document.
    public var json: JSONValue {
        var writing = DocumentWriting(self)
        return writing.json()
    }
}
