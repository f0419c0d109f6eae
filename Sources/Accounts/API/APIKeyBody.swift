internal import Domain
internal import HTTPPipeline
internal import JSON

/// The members of an API key in bodies.
enum APIKeyBody {
    static let name = Member<APIKeyName>(
        "name",
        .string(length: 1...APIKeyName.longest),
        convert: UserBody.parsed(APIKeyName.init(_:))
    ).documented("What it is for.", example: "Backup")

    static let access = Member<APIKeyAccess>(
        "access",
        .choice(APIKeyAccess.allCases.map(\.rawValue)),
        convert: UserBody.chosen(APIKeyAccess.init(rawValue:))
    ).documented("Whether it may change anything; `read` where it is left out.", example: "read")

    static let expiresAt = Member<Timestamp>(
        "expires_at",
        .string(length: 1...64, format: "date-time")
    ) { value throws(MemberRefusal) in
        guard case .string(let text) = value, let microseconds = RFC3339.microseconds(text) else {
            throw MemberRefusal("must be a date and time as in RFC 3339")
        }
        return Timestamp(microseconds: microseconds)
    }.documented("In the future; it never ends where this is left out.", example: "2099-01-01T00:00:00Z")

    /// POST.
    static let creation = ObjectSchema("APIKeyCreation", [.required(name), .optional(expiresAt), .optional(access)])
}
