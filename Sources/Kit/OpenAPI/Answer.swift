public import HTTPPipeline
public import JSON

/// What an operation may answer with, for one status.
public struct Answer: Sendable {
    /// A header field of the answer.
    public struct Field: Sendable {
        /// Its name.
        public let name: String
        /// What it is like.
        public let schema: ValueSchema
        /// One sentence for who reads the documentation.
        public let about: String
        /// A value that could stand there.
        public let example: JSONValue
        /// True where it is always there.
        public let isRequired: Bool

        /// Describes a header field.
        public init(
            _ name: String,
            _ about: String,
            like schema: ValueSchema = .string(length: 1...8192),
            example: JSONValue,
            isRequired: Bool = true
        ) {
            self.name = name
            self.schema = schema
            self.about = about
            self.example = example
            self.isRequired = isRequired
        }
    }

    /// The status.
    public let status: Status
    /// When it is given.
    public let about: String
    /// What the body is like, or nil where there is none.
    public let content: ValueSchema?
    /// Whether it may be an error in one of the shapes of ``ErrorBody``, beside the content or alone.
    public let isError: Bool
    /// Whether problem details may be given; a web server in front knows only the envelope.
    public let mayBeProblem: Bool
    /// Header fields of its own.
    public let fields: [Field]
    /// An error as it could be told, for the documentation.
    private let errorExample: JSONValue?

    /// Describes what an operation is there for.
    public static func success(
        _ status: Status,
        _ about: String,
        _ content: ValueSchema? = nil,
        fields: [Field] = []
    ) -> Answer {
        Answer(status, about, content, isError: false, mayBeProblem: false, fields, nil)
    }

    /// Describes an error, with one of its codes and the message that goes with it as the example.
    public static func error(
        _ code: ErrorCode,
        _ message: String,
        _ about: String,
        mayBeProblem: Bool = true,
        fields: [Field] = []
    ) -> Answer {
        let example: JSONValue = [
            "error": [
                "code": .string(code.text), "message": .string(message), "details": [],
                "request_id": "59e56ab90eed6c63ea7b59eb95350003",
            ]
        ]
        return Answer(code.status, about, nil, isError: true, mayBeProblem: mayBeProblem, fields, example)
    }

    /// One answer for what two tell about the same status.
    public func merged(with other: Answer) -> Answer {
        let new = other.fields.filter { field in !fields.contains { $0.name == field.name } }
        return Answer(
            status,
            about == other.about ? about : "\(about) \(other.about)",
            content ?? other.content,
            isError: isError || other.isError,
            mayBeProblem: mayBeProblem || other.mayBeProblem,
            fields + new,
            errorExample ?? other.errorExample
        )
    }

    /// The same with one more header field.
    public func adding(_ field: Field) -> Answer {
        Answer(
            status,
            about,
            content,
            isError: isError,
            mayBeProblem: mayBeProblem,
            fields + [field],
            errorExample
        )
    }

    /// What is true of every body under `application/json`, or nil where there is none.
    public var body: ValueSchema? {
        let error = isError ? ValueSchema.object(ErrorBody.enveloped.shape) : nil
        guard let content, let error else { return content ?? error }
        return .anyOf([content, error])
    }

    private init(
        _ status: Status,
        _ about: String,
        _ content: ValueSchema?,
        isError: Bool,
        mayBeProblem: Bool,
        _ fields: [Field],
        _ errorExample: JSONValue?
    ) {
        self.status = status
        self.about = about
        self.content = content
        self.isError = isError
        self.mayBeProblem = mayBeProblem
        self.fields = fields
        self.errorExample = errorExample
    }

    /// A body that could be given, or nil where there is none.
    var example: JSONValue? { content?.example ?? errorExample }
}
