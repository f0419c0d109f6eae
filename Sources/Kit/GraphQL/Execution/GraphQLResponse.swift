internal import JSON

/// The answer to a request (section 7).
public struct GraphQLResponse: Sendable {
    /// The JSON.
    public let body: [UInt8]
    /// Whether it holds errors.
    public let hasErrors: Bool
    /// Whether the data as a whole is null.
    public let dataIsNull: Bool
}

/// Why a request was not executed; answers then have no data (section 7.1.1, request errors).
public struct RequestFailure: Error, Sendable, Equatable {
    /// How far it came.
    public enum Stage: Sendable {
        /// The parameters are wrong.
        case parameters
        /// Only the hash of a document was sent, and that is not known here; the client sends both.
        case persistedQueryNotFound
        /// The document cannot be read.
        case syntax
        /// The document breaks rules.
        case validation
        /// The document or the operation exceeds a limit.
        case limit
        /// It is not clear which operation is meant.
        case operation
        /// Variables do not fit.
        case variables
    }

    /// How far it came.
    ///
    /// From it follows the status over HTTP.
    public let stage: Stage

    /// What is wrong; never empty.
    ///
    /// In the order of the document.
    public let errors: [GraphQLError]

    /// Makes a failure.
    ///
    /// For what is refused before the document is looked at.
    public init(_ stage: Stage, _ errors: [GraphQLError]) {
        self.stage = stage
        self.errors = errors
    }

    /// The answer, without data.
    ///
    /// A few hundred bytes.
    public var body: [UInt8] {
        var writer = JSONWriter()
        writer.object { $0.member("errors", errors) }
        return writer.bytes
    }
}
