public import HTTPPipeline
public import JSON

/// One method at one path, as the documentation tells it.
public struct Operation: Sendable {
    /// Who may call.
    public enum Security: Sendable {
        /// Anyone; what identifies the caller is not looked at.
        case none
        /// Anyone; who identifies himself must be known.
        case optional
        /// Who is known.
        case required
    }

    /// The method.
    public let method: Method
    /// The path, with parameters in braces.
    public let path: String
    /// A name of its own among all operations, for generated clients.
    public let id: String
    /// The group that it belongs to.
    public let tag: String
    /// A few words.
    public let summary: String
    /// What there is to know beyond that, in Markdown; may be empty.
    public let details: String
    /// Who may call.
    public let security: Security
    /// What path, query and header fields may hold.
    public let parameters: [Parameter]
    /// The body, or nil where it takes none.
    public let body: RequestBody?
    /// What it answers with, one for each status.
    public let answers: [Answer]

    /// Describes an operation.
    public init(
        _ method: Method,
        _ path: String,
        id: String,
        tag: String,
        summary: String,
        details: String = "",
        security: Security = .none,
        parameters: [Parameter] = [],
        body: RequestBody? = nil,
        answers: [Answer]
    ) {
        self.method = method
        self.path = path
        self.id = id
        self.tag = tag
        self.summary = summary
        self.details = details
        self.security = security
        self.parameters = parameters
        self.body = body
        self.answers = answers
    }
}

/// A named value in the path, the query or the header fields of a request.
public struct Parameter: Sendable {
    /// Where it stands.
    public enum Place: String, Sendable {
        /// A segment of the path.
        case path
        /// The query.
        case query
        /// A header field.
        case header
    }

    /// Where it stands.
    public let place: Place
    /// Its name.
    public let name: String
    /// What it is like.
    public let schema: ValueSchema
    /// One sentence for who reads the documentation.
    public let about: String
    /// A valid value; nil where no request needs one.
    public let example: JSONValue?
    /// True where it must be there, as all of the path must.
    public let isRequired: Bool

    /// Describes a parameter.
    public init(
        _ place: Place,
        _ name: String,
        _ schema: ValueSchema,
        _ about: String = "",
        example: JSONValue? = nil,
        isRequired: Bool = false
    ) {
        self.place = place
        self.name = name
        self.schema = schema
        self.about = about
        self.example = example
        self.isRequired = isRequired || place == .path
    }

    /// The parameters of a query.
    public static func all(of query: QuerySchema) -> [Parameter] {
        query.parameters.map {
            Parameter(.query, $0.name, $0.schema, $0.about, example: $0.example, isRequired: $0.isRequired)
        }
    }
}

/// What a request may carry as its body.
public struct RequestBody: Sendable {
    /// The media types in which it may come.
    public let mediaTypes: [String]
    /// What it may be like.
    public let schema: ValueSchema
    /// A body that would be taken.
    public let example: JSONValue

    /// Describes a body of one of these kinds; the example is of the first.
    ///
    /// The example has the members that are required, and those that are named.
    public init(_ kinds: [ObjectSchema], showing names: [String] = []) {
        let shapes = kinds.map(\.shape)
        mediaTypes = kinds.first?.mediaTypes ?? []
        schema = shapes.count == 1 ? .object(shapes[0]) : .anyOf(shapes.map(ValueSchema.object))
        example = shapes.first?.example { $0.isRequired || names.contains($0.name) } ?? [:]
    }
}
