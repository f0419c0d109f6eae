/// The name of a request header field, in the spelling of HTTP and in that of the CGI meta-variables.
public struct FieldName: Sendable {
    /// As in HTTP: `Content-Type`.
    public let name: StaticString
    /// As the web server hands it over: `CONTENT_TYPE`, `HTTP_ACCEPT` (RFC 3875, sections 4.1.3 and 4.1.18).
    public let metaVariable: StaticString
    /// Whether a field that was sent without a value counts as one that was not sent.
    public let isAbsentWhenEmpty: Bool

    /// Names a field that the static members do not.
    public init(_ name: StaticString, metaVariable: StaticString, isAbsentWhenEmpty: Bool = true) {
        self.name = name
        self.metaVariable = metaVariable
        self.isAbsentWhenEmpty = isAbsentWhenEmpty
    }

    /// Accept.
    public static let accept = FieldName("Accept", metaVariable: "HTTP_ACCEPT")
    /// Authorization.
    public static let authorization = FieldName("Authorization", metaVariable: "HTTP_AUTHORIZATION")
    /// Content-Encoding.
    public static let contentEncoding = FieldName("Content-Encoding", metaVariable: "HTTP_CONTENT_ENCODING")
    /// Content-Type.
    public static let contentType = FieldName("Content-Type", metaVariable: "CONTENT_TYPE")
    /// Cookie.
    public static let cookie = FieldName("Cookie", metaVariable: "HTTP_COOKIE")
    /// Idempotency-Key; one that is empty comes from a client that believes to be safe and is not.
    public static let idempotencyKey = FieldName(
        "Idempotency-Key",
        metaVariable: "HTTP_IDEMPOTENCY_KEY",
        isAbsentWhenEmpty: false
    )
    /// If-Match.
    public static let ifMatch = FieldName("If-Match", metaVariable: "HTTP_IF_MATCH")
    /// If-None-Match.
    public static let ifNoneMatch = FieldName("If-None-Match", metaVariable: "HTTP_IF_NONE_MATCH")
    /// Prefer.
    public static let prefer = FieldName("Prefer", metaVariable: "HTTP_PREFER")
    /// Traceparent (W3C Trace Context).
    public static let traceparent = FieldName("Traceparent", metaVariable: "HTTP_TRACEPARENT")
    /// User-Agent.
    public static let userAgent = FieldName("User-Agent", metaVariable: "HTTP_USER_AGENT")
    /// X-Requested-With, which no page of another site can send without being asked.
    public static let requestedWith = FieldName("X-Requested-With", metaVariable: "HTTP_X_REQUESTED_WITH")
}
