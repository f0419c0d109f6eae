internal import Domain
internal import HTTPPipeline
internal import JSON

/// The parameters of the lists of events.
enum AuditQuery {
    static let cursor = Member<String>(string: "cursor", .string(length: 0...4096))
        .documented("What `meta` told; empty or left out to begin with the newest.", example: "")
    static let perPage = Member<Int>(integer: "per_page", 1...Int64(PageRequest.largestSize))
        .documented("The most events of an answer; 20 where it is left out.", example: 20)
    static let subject = id("subject")
        .documented("Only what concerns this user.", example: Example.id)
    static let actor = id("actor")
        .documented("Only what this user did.", example: Example.id)
    static let type = Member<String>(string: "type", .string(length: 1...100))
        .documented("Only events of this type.", example: "user.created.v1")
    static let after = UserQuery.instant("occurred_after")
        .documented("Only what happened later.", example: "2026-01-31T12:00:00Z")
    static let before = UserQuery.instant("occurred_before")
        .documented("Only what happened before.", example: "2099-01-31T12:00:00Z")

    /// Which events there are in a list of the audit.
    static let filter = ObjectSchema(
        "AuditFilter",
        [.optional(subject), .optional(actor), .optional(type), .optional(after), .optional(before)]
    )

    /// GET of the audit.
    static let audit = QuerySchema([.optional(cursor), .optional(perPage)] + filter.members)

    static let sequence = Member<Int>(integer: "after", 0...Int64.max)
        .documented("Only what comes after this number of the log; 0 where it is left out.", example: 0)

    /// GET of the log.
    static let events = QuerySchema([.optional(sequence), .optional(perPage)])

    private static func id(_ name: String) -> Member<UUID> {
        Member(name, .string(length: 1...36, format: "uuid")) { value throws(MemberRefusal) in
            guard case .string(let text) = value, let id = UUID(text) else { throw MemberRefusal("must be a UUID") }
            return id
        }
    }
}
