/// The code of an error and the status that it is answered with.
///
/// Clients act on the code; it never changes its meaning. A product adds its own in an extension.
public struct ErrorCode: Sendable, Equatable {
    /// As in the error envelope: `VALIDATION_ERROR`.
    public let text: String
    /// The status of the answer.
    public let status: Status
    /// The type of the problem (RFC 9457, section 3.1.1): a registered one, or `about:blank`.
    public let problemType: String

    /// Names a code.
    public init(_ text: String, _ status: Status, problemType: String = "about:blank") {
        self.text = text
        self.status = status
        self.problemType = problemType
    }

    /// Fields of the body or of the query are wrong; the details name them.
    public static let validation = ErrorCode("VALIDATION_ERROR", .badRequest)
    /// The body is no JSON.
    public static let malformedJSON = ErrorCode("MALFORMED_JSON", .badRequest)
    /// The request cannot be read.
    public static let malformedRequest = ErrorCode("MALFORMED_REQUEST", .badRequest)
    /// The query has a parameter that the resource does not know.
    public static let unknownParameter = ErrorCode("UNKNOWN_PARAMETER", .badRequest)
    /// Nobody is signed in.
    public static let unauthenticated = ErrorCode("UNAUTHENTICATED", .unauthorized)
    /// Not for this caller.
    public static let forbidden = ErrorCode("FORBIDDEN", .forbidden)
    /// No such resource, or not for this caller to see.
    public static let notFound = ErrorCode("NOT_FOUND", .notFound)
    /// The resource does not know the method.
    public static let methodNotAllowed = ErrorCode("METHOD_NOT_ALLOWED", .methodNotAllowed)
    /// The client accepts nothing that is offered.
    public static let notAcceptable = ErrorCode("NOT_ACCEPTABLE", .notAcceptable)
    /// The change contradicts what is there.
    public static let conflict = ErrorCode("CONFLICT", .conflict)
    /// The body is too large.
    public static let payloadTooLarge = ErrorCode("PAYLOAD_TOO_LARGE", .contentTooLarge)
    /// The body is of a media type that the resource does not take.
    public static let unsupportedMediaType = ErrorCode("UNSUPPORTED_MEDIA_TYPE", .unsupportedMediaType)
    /// More requests than a limit allows; see ``Quota``.
    public static let rateLimited = ErrorCode(
        "RATE_LIMITED",
        .tooManyRequests,
        problemType: "https://iana.org/assignments/http-problem-types#quota-exceeded"
    )
    /// A fault; the log has the story.
    public static let `internal` = ErrorCode("INTERNAL", .internalServerError)
    /// More work than can be done now.
    public static let overloaded = ErrorCode("OVERLOADED", .serviceUnavailable)
    /// Something that is needed does not answer now.
    public static let unavailable = ErrorCode("UNAVAILABLE", .serviceUnavailable)
}
