internal import Domain
internal import HTTPPipeline
internal import JSON

/// The parameters of lists of users.
enum UserQuery {
    static let page = Member<Int>(integer: "page", 1...Int64.max)
    static let cursor = Member<String>(string: "cursor", .string(length: 0...4096))
    static let perPage = Member<Int>(integer: "per_page", 1...Int64(PageRequest.largestSize))

    static let sort = Member<UserSort>(
        "sort",
        .choice(UserSort.names.map(\.name)),
        convert: { value throws(MemberRefusal) in
            guard case .string(let text) = value, let order = UserSort.names.first(where: { $0.name == text }) else {
                throw MemberRefusal("is not known")
            }
            return order.sort
        }
    )

    static let fields = Member<UserFields>(
        "fields",
        .string(length: 1...200),
        convert: { value throws(MemberRefusal) in
            guard case .string(let text) = value, let fields = UserFields(text) else {
                throw MemberRefusal("must be a list of: \(UserFields.names.joined(separator: ", "))")
            }
            return fields
        }
    )

    static let role = UserBody.role
    static let status = UserBody.status
    static let createdAfter = instant("created_after")
    static let createdBefore = instant("created_before")
    static let email = UserBody.email
    static let emailPrefix = Member<String>(string: "email_prefix", .string(length: 1...EmailAddress.longestInBytes))
    static let namePrefix = Member<String>(string: "name_prefix", .string(length: 1...PersonName.longest))

    /// GET of the list.
    static let list = QuerySchema([
        .optional(page), .optional(cursor), .optional(perPage), .optional(sort), .optional(fields),
        .optional(role), .optional(status), .optional(createdAfter), .optional(createdBefore),
        .optional(email), .optional(emailPrefix), .optional(namePrefix),
    ])

    private static func instant(_ name: String) -> Member<Timestamp> {
        Member(name, .string(length: 20...40, format: "date-time")) { value throws(MemberRefusal) in
            guard case .string(let text) = value, let microseconds = RFC3339.microseconds(text) else {
                throw MemberRefusal("must be a time such as 2026-01-31T12:00:00Z")
            }
            return Timestamp(microseconds: microseconds)
        }
    }
}

extension UserSort {
    /// The orders as the API names them; the place of each in this list stands in cursors, so none may ever move.
    static let names: [(name: String, sort: UserSort)] = [
        ("created_at", UserSort(by: .createdAt, descending: false)),
        ("-created_at", UserSort(by: .createdAt, descending: true)),
        ("updated_at", UserSort(by: .updatedAt, descending: false)),
        ("-updated_at", UserSort(by: .updatedAt, descending: true)),
        ("email", UserSort(by: .email, descending: false)),
        ("-email", UserSort(by: .email, descending: true)),
        ("name", UserSort(by: .name, descending: false)),
        ("-name", UserSort(by: .name, descending: true)),
    ]

    /// The place among the orders.
    var number: Int { Self.names.firstIndex { $0.sort == self } ?? Self.names.count }
}
