internal import HTTPPipeline
internal import JSON
internal import OpenAPI

/// The errors of the API as the documentation tells them, one for each status.
enum Refusal {
    static let badRequest = Answer.error(
        .validation,
        "Invalid input",
        "The request cannot be understood, or fields are wrong: `VALIDATION_ERROR`, `MALFORMED_JSON`, "
            + "`MALFORMED_REQUEST`, `UNKNOWN_PARAMETER`, `INVALID_CURSOR`, `IDEMPOTENCY_KEY_INVALID`."
    )
    static let unauthorized = of(
        .unauthenticated,
        "Authentication is required.",
        "Nobody is signed in, or not any more: `UNAUTHENTICATED`, `SESSION_EXPIRED`, `INVALID_CREDENTIALS`."
    )
    static let forbidden = of(
        .forbidden,
        "You may not do this.",
        "The caller never may: `FORBIDDEN`, and `ACCOUNT_DISABLED` after the right password."
    )
    static let notFound = of(
        .notFound,
        "There is no such resource.",
        "There is no such resource, or none that is the caller's to see: `NOT_FOUND`."
    )
    static let notAcceptable = of(
        .notAcceptable,
        "Only application/json is offered.",
        "Accept takes no JSON: `NOT_ACCEPTABLE`."
    )
    static let requestInProgress = Answer.error(
        .requestInProgress,
        "A request with this Idempotency-Key is being answered. Try again in a moment.",
        "A request with the same Idempotency-Key is being answered: `REQUEST_IN_PROGRESS`.",
        fields: [.retryWhereInProgress, .idempotencyReplayed]
    )
    static let idempotencyKeyReused = of(
        .idempotencyKeyReused,
        "This Idempotency-Key was sent with another request. Use a new one for each change.",
        "The Idempotency-Key was sent with another request before: `IDEMPOTENCY_KEY_REUSED`."
    )
    static let preconditionFailed = of(
        .preconditionFailed,
        "The resource has been changed since it was read.",
        "If-Match or If-None-Match does not hold, and nothing was changed: `PRECONDITION_FAILED`."
    )
    static let contentTooLarge = of(
        .payloadTooLarge,
        "The body is too large.",
        "The body is too large: `PAYLOAD_TOO_LARGE`."
    )
    static let unsupportedMediaType = of(
        .unsupportedMediaType,
        "The body must be sent with Content-Type: application/json.",
        "The body is of another media type: `UNSUPPORTED_MEDIA_TYPE`."
    )
    static let preconditionRequired = of(
        .preconditionRequired,
        "A change must name the version it is meant for, by If-Match.",
        "If-Match is missing: `PRECONDITION_REQUIRED`."
    )
    static let tooManyRequests = of(
        .rateLimited,
        "Too many requests; try again later.",
        "More than a limit allows, or the flood guard of nginx: `RATE_LIMITED`."
    )
    static let fault = of(
        .internal,
        "Internal error.",
        "A fault of the service; the log has the story: `INTERNAL`."
    )
    static let unavailable = of(
        .unavailable,
        "The service is busy. Try again in a moment.",
        "Busy, or closed for maintenance: `UNAVAILABLE`, `OVERLOADED`."
    )

    // What only nginx says; see nginx/error-texts.conf.

    static let uriTooLong = front(
        ErrorCode("URI_TOO_LONG", .uriTooLong),
        "The address is too long.",
        "The address is too long: `URI_TOO_LONG`."
    )
    static let headersTooLarge = front(
        ErrorCode("HEADERS_TOO_LARGE", .headerFieldsTooLarge),
        "The headers are too large.",
        "The header fields are too large: `HEADERS_TOO_LARGE`."
    )
    static let badGateway = front(
        ErrorCode("BAD_GATEWAY", .badGateway),
        "The application cannot be reached; try again.",
        "No answer could be had, and a change may have been made: `BAD_GATEWAY`."
    )
    static let timeout = front(
        ErrorCode("TIMEOUT", .gatewayTimeout),
        "The application did not answer in time.",
        "No answer came in time, and a change may have been made: `TIMEOUT`."
    )

    /// An error with the header fields that its status brings along.
    static func of(_ code: ErrorCode, _ message: String, _ about: String) -> Answer {
        .error(code, message, about, fields: fields(of: code.status))
    }

    private static func front(_ code: ErrorCode, _ message: String, _ about: String) -> Answer {
        .error(code, message, about, mayBeProblem: false, fields: fields(of: code.status))
    }

    private static func fields(of status: Status) -> [Answer.Field] {
        switch status {
        case .unauthorized: [.authenticate, .cookieTakenAway]
        case .unsupportedMediaType: [.accept]
        case .tooManyRequests: [.retryAfter, .rateLimit, .rateLimitPolicy]
        case .serviceUnavailable: [.retryAfter]
        default: []
        }
    }
}

extension Answer {
    /// The client has what it would get.
    static let notModified = Answer.success(
        .notModified,
        "The client has the present version.",
        fields: [.entityTag, .cacheControl, .vary]
    )
}
