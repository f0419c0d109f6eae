/// An error that the client is told.
public struct HTTPError: Error, Sendable, Equatable {
    /// What is wrong with one field.
    public struct Detail: Sendable, Equatable {
        /// The path of the field: `email`, `items.3.name`.
        public let field: String
        /// What is wrong, in words that a person can act on.
        public let message: String

        /// Names a field and what is wrong with it.
        public init(field: String, message: String) {
            self.field = field
            self.message = message
        }
    }

    /// Code and status.
    public let code: ErrorCode
    /// One sentence that is safe to show to anybody.
    public let message: String
    /// All faulty fields at once.
    public let details: [Detail]
    /// Header fields of the answer, such as Allow and Retry-After.
    public let fields: [Response.Field]
    /// What really happened, for the log only.
    public let story: String?

    /// Makes an error; `story` goes to the log and never to the client.
    public init(
        _ code: ErrorCode,
        _ message: String,
        details: [Detail] = [],
        fields: [Response.Field] = [],
        story: String? = nil
    ) {
        self.code = code
        self.message = message
        self.details = details
        self.fields = fields
        self.story = story
    }

    /// The error with one more header field in its answer.
    public func adding(_ field: Response.Field) -> HTTPError {
        HTTPError(code, message, details: details, fields: fields + [field], story: story)
    }

    /// A fault: the client learns nothing but that it happened, the log gets the story.
    public static func fault(_ story: String) -> HTTPError {
        HTTPError(.internal, "Internal error.", story: story)
    }
}
