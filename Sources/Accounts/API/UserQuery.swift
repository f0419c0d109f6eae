internal import Domain
internal import HTTPPipeline
internal import JSON

/// The parameters of lists of users.
enum UserQuery {
    static let page = Member<Int>(integer: "page", 1...Int64.max)
        .documented("The number of the page, from 1; no page begins after row 10000.", example: 1)
    static let cursor = Member<String>(string: "cursor", .string(length: 0...4096))
        .documented("Empty to begin a walk, then what `meta` told; not together with `page`.", example: "")
    static let perPage = Member<Int>(integer: "per_page", 1...Int64(PageRequest.largestSize))
        .documented("The most users of an answer; 20 where it is left out.", example: 20)

    static let sort = Member<UserSort>(
        "sort",
        .choice(UserSort.names.map(\.name)),
        convert: { value throws(MemberRefusal) in
            guard case .string(let text) = value, let order = UserSort.names.first(where: { $0.name == text }) else {
                throw MemberRefusal("is not known")
            }
            return order.sort
        }
    ).documented("The order, the other way with `-`; `-created_at` where it is left out.", example: "-created_at")

    static let fields = Member<AttributeSelection>(
        "fields",
        .string(length: 1...200),
        convert: { value throws(MemberRefusal) in
            guard case .string(let text) = value, let fields = User.representation.selection(text) else {
                throw MemberRefusal("must be a list of: \(User.representation.names.joined(separator: ", "))")
            }
            return fields
        }
    ).documented("The members to be shown, with commas between them.", example: "id,email,name")

    static let role = UserBody.role.documented("Only those; with `sort` by `created_at`.", example: "member")
    static let status = UserBody.status.documented("Only those; with `sort` by `created_at`.", example: "active")
    static let createdAfter = instant("created_after")
        .documented("Only those that were made later; with `sort` by `created_at`.", example: "2026-01-31T12:00:00Z")
    static let createdBefore = instant("created_before")
        .documented("Only those that were made before; with `sort` by `created_at`.", example: "2099-01-31T12:00:00Z")
    static let email = UserBody.email
        .documented("Only the one with this address, in any case.", example: "grace@example.com")
    static let emailPrefix = Member<String>(string: "email_prefix", .string(length: 1...EmailAddress.longestInBytes))
        .documented("Only those whose address begins so; with `sort` by `email`.", example: "gra")
    static let namePrefix = Member<String>(string: "name_prefix", .string(length: 1...PersonName.longest))
        .documented("Only those whose name begins so; with `sort` by `name`.", example: "Gra")

    /// GET of the list.
    static let list = QuerySchema([
        .optional(page), .optional(cursor), .optional(perPage), .optional(sort), .optional(fields),
        .optional(role), .optional(status), .optional(createdAfter), .optional(createdBefore),
        .optional(email), .optional(emailPrefix), .optional(namePrefix),
    ])

    /// Which users there are in a list.
    static let filter = ObjectSchema(
        "UserFilter",
        [
            .optional(role), .optional(status), .optional(createdAfter), .optional(createdBefore),
            .optional(email), .optional(emailPrefix), .optional(namePrefix),
        ]
    )
    /// The same and the order; for interfaces with pages of their own.
    static let selection = ObjectSchema(filter.members + [.optional(sort)])

    static func instant(_ name: String) -> Member<Timestamp> {
        // Of any length, so that who sends a date is told what a time looks like.
        Member(name, .string(length: 1...40, format: "date-time")) { value throws(MemberRefusal) in
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
