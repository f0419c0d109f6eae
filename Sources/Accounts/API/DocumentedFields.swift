internal import HTTPPipeline
internal import JSON
internal import OpenAPI

// The header fields of requests and answers, each described once.

/// Values that stand in several examples.
enum Example {
    static let id: JSONValue = "01a1fe06-9d53-7300-8ea8-b61acdbe8330"
    static let otherID: JSONValue = "01a1fe14-a2a0-73f1-9cc0-4ff6b1fc1d34"
    static let instant: JSONValue = "2026-11-21T12:13:28.787926Z"
    static let laterInstant: JSONValue = "2026-12-05T12:28:47.648903Z"
}

extension Parameter {
    static let ifMatch = Parameter(
        .header,
        "If-Match",
        .string(length: 0...Int.max, format: "entity-tags"),
        "Act only on this version: an entity tag that a read gave, several with commas between them, or `*`.",
        example: "\"01a1fe06-9d53-7300-8ea8-b61acdbe8330.1.1\""
    )
    static let requiredIfMatch = Parameter(
        .header,
        "If-Match",
        ifMatch.schema,
        ifMatch.about,
        example: ifMatch.example,
        isRequired: true
    )
    static let ifNoneMatch = Parameter(
        .header,
        "If-None-Match",
        .string(length: 0...Int.max, format: "entity-tags"),
        "Act only where this is not the present version: an entity tag, several with commas between them, or `*`.",
        example: "\"01a1fe06-9d53-7300-8ea8-b61acdbe8330.0.1\""
    )
    static let requestedWith = Parameter(
        .header,
        "X-Requested-With",
        .string(length: 0...Int.max),
        "Any value; needed where the caller is known by cookie, as no page of another site can send it.",
        example: "fetch"
    )
    static let idempotencyKey = Parameter(
        .header,
        "Idempotency-Key",
        .string(length: 1...255, format: "idempotency-key"),
        "A name for this change, such as a random UUID. Sent again with the same body within a day, it is answered as the "
            + "first time, and nothing is changed twice. 1 to 255 visible ASCII characters, with or without quotation marks.",
        example: "\"8e03978e-40d5-43dd-bc93-6894a57f9324\""
    )
    static let prefer = Parameter(
        .header,
        "Prefer",
        .string(length: 0...Int.max),
        "`count=none` saves the counting of all (RFC 7240).",
        example: "count=none"
    )
}

extension Answer.Field {
    static let requestID = Answer.Field(
        "Request-Id",
        "The request's name in both logs.",
        like: .string(length: 8...64),
        example: "59e56ab90eed6c63ea7b59eb95350003"
    )
    static let apiVersion = Answer.Field("API-Version", "The version of this API.", like: .choice(["1"]), example: "1")
    static let entityTag = Answer.Field(
        "ETag",
        "Names this version of the resource, the same for every caller.",
        example: "\"01a1fe06-9d53-7300-8ea8-b61acdbe8330.1.1\""
    )
    static let location = Answer.Field(
        "Location",
        "Where the new resource stands.",
        example: "/api/v1/users/01a1fe06-9d53-7300-8ea8-b61acdbe8330"
    )
    static let link = Answer.Field(
        "Link",
        "Other pages of the list (RFC 8288): `first`, `prev`, `next`, and `last` where the total is known.",
        example: "</api/v1/users?page=2&per_page=20>; rel=\"next\""
    )
    static let cacheControl = Answer.Field(
        "Cache-Control",
        "Who may keep the answer, and whether it has to ask again.",
        example: "private, no-cache"
    )
    static let vary = Answer.Field(
        "Vary",
        "The fields of a request that make another answer.",
        example: "Authorization, Cookie, Accept"
    )
    static let preferenceApplied = Answer.Field(
        "Preference-Applied",
        "The preference that was followed.",
        example: "count=none",
        isRequired: false
    )
    static let sessionCookie = Answer.Field(
        "Set-Cookie",
        "The token, where it was asked for as a cookie.",
        example: "__Host-gatehouse=gh_s_...; Max-Age=7776000; Path=/; HttpOnly; Secure; SameSite=Lax",
        isRequired: false
    )
    static let cookieTakenAway = Answer.Field(
        "Set-Cookie",
        "Takes the cookie away where it stood for a session that is over.",
        example: "__Host-gatehouse=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax",
        isRequired: false
    )
    static let authenticate = Answer.Field(
        "WWW-Authenticate",
        "How to authenticate (RFC 9110, section 11.6.1).",
        example: "Bearer"
    )
    static let accept = Answer.Field(
        "Accept",
        "The media types that are taken.",
        example: "application/json",
        isRequired: false
    )
    static let retryAfter = Answer.Field(
        "Retry-After",
        "After so many seconds another try makes sense.",
        like: .integer(0...86_400),
        example: 1
    )
    static let retryWhereInProgress = Answer.Field(
        "Retry-After",
        retryAfter.about,
        like: retryAfter.schema,
        example: retryAfter.example,
        isRequired: false
    )
    static let idempotencyReplayed = Answer.Field(
        "Idempotency-Replayed",
        "`true` where this was answered to an earlier request with the same Idempotency-Key.",
        like: .choice(["true"]),
        example: "true",
        isRequired: false
    )
    static let rateLimit = Answer.Field("RateLimit", "What is left.", example: "\"flood\";r=0;t=1")
    static let rateLimitPolicy = Answer.Field("RateLimit-Policy", "What is allowed.", example: "\"flood\";q=200;w=1")
}
