/// A status code (RFC 9110, section 15).
public struct Status: Sendable, Equatable {
    /// The number, 100 to 599.
    public let code: Int
    /// The customary words.
    public let reason: String

    /// Names a status; the static members are the ones in use.
    public init(_ code: Int, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Compares the numbers.
    public static func == (left: Status, right: Status) -> Bool { left.code == right.code }

    /// 200.
    public static let ok = Status(200, "OK")
    /// 201.
    public static let created = Status(201, "Created")
    /// 202.
    public static let accepted = Status(202, "Accepted")
    /// 204.
    public static let noContent = Status(204, "No Content")
    /// 304.
    public static let notModified = Status(304, "Not Modified")
    /// 400.
    public static let badRequest = Status(400, "Bad Request")
    /// 401.
    public static let unauthorized = Status(401, "Unauthorized")
    /// 403.
    public static let forbidden = Status(403, "Forbidden")
    /// 404.
    public static let notFound = Status(404, "Not Found")
    /// 405.
    public static let methodNotAllowed = Status(405, "Method Not Allowed")
    /// 406.
    public static let notAcceptable = Status(406, "Not Acceptable")
    /// 409.
    public static let conflict = Status(409, "Conflict")
    /// 412.
    public static let preconditionFailed = Status(412, "Precondition Failed")
    /// 413.
    public static let contentTooLarge = Status(413, "Content Too Large")
    /// 414.
    public static let uriTooLong = Status(414, "URI Too Long")
    /// 415.
    public static let unsupportedMediaType = Status(415, "Unsupported Media Type")
    /// 422.
    public static let unprocessableContent = Status(422, "Unprocessable Content")
    /// 428 (RFC 6585).
    public static let preconditionRequired = Status(428, "Precondition Required")
    /// 429 (RFC 6585).
    public static let tooManyRequests = Status(429, "Too Many Requests")
    /// 431 (RFC 6585).
    public static let headerFieldsTooLarge = Status(431, "Request Header Fields Too Large")
    /// 500.
    public static let internalServerError = Status(500, "Internal Server Error")
    /// 502.
    public static let badGateway = Status(502, "Bad Gateway")
    /// 503.
    public static let serviceUnavailable = Status(503, "Service Unavailable")
    /// 504.
    public static let gatewayTimeout = Status(504, "Gateway Timeout")
}
