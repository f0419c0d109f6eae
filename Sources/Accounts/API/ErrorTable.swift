internal import Domain
internal import HTTPPipeline

extension ErrorCode {
    static let invalidCredentials = ErrorCode("INVALID_CREDENTIALS", .unauthorized)
    static let sessionExpired = ErrorCode("SESSION_EXPIRED", .unauthorized)
    static let accountDisabled = ErrorCode("ACCOUNT_DISABLED", .forbidden)
    static let preconditionFailed = ErrorCode("PRECONDITION_FAILED", .preconditionFailed)
    static let preconditionRequired = ErrorCode("PRECONDITION_REQUIRED", .preconditionRequired)
    static let invalidCursor = ErrorCode("INVALID_CURSOR", .badRequest)
    static let idempotencyKeyInvalid = ErrorCode("IDEMPOTENCY_KEY_INVALID", .badRequest)
    static let idempotencyKeyReused = ErrorCode("IDEMPOTENCY_KEY_REUSED", .unprocessableContent)
    static let requestInProgress = ErrorCode("REQUEST_IN_PROGRESS", .conflict)
}

/// The one place where a refusal of the domain becomes a code and a status.
enum ErrorTable {
    /// Gives nil for what is no refusal but a fault.
    static func translate(_ error: any Error) -> HTTPError? {
        guard let refusal = error as? DomainError else { return nil }
        let code = code(of: refusal.code)
        return HTTPError(
            code,
            refusal.message,
            details: refusal.details.map { HTTPError.Detail(field: $0.field, message: $0.message) },
            fields: fields(of: code),
            story: refusal.reason
        )
    }

    private static func code(of code: DomainError.Code) -> ErrorCode {
        switch code {
        case .validation: .validation
        case .unauthenticated: .unauthenticated
        case .invalidCredentials: .invalidCredentials
        case .sessionExpired: .sessionExpired
        case .accountDisabled: .accountDisabled
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .conflict: .conflict
        case .preconditionFailed: .preconditionFailed
        case .nameReused: .idempotencyKeyReused
        case .inProgress: .requestInProgress
        case .unavailable: .unavailable
        case .overloaded: .overloaded
        }
    }

    private static func fields(of code: ErrorCode) -> [Response.Field] {
        switch code.status {
        case _ where code == .requestInProgress: [Response.Field(name: "Retry-After", value: "1")]
        // RFC 9110, section 11.6.1: a 401 names how to authenticate.
        case .unauthorized: [Response.Field(name: "WWW-Authenticate", value: "Bearer")]
        case .serviceUnavailable: [Response.Field(name: "Retry-After", value: "1")]
        default: []
        }
    }
}
