internal import Domain
internal import HTTPPipeline
internal import JSON

/// The members of a user in bodies, each declared once.
enum UserBody {
    static let email = Member<EmailAddress>(
        "email",
        .string(length: 1...EmailAddress.longestInBytes, format: "idn-email"),
        convert: parsed(EmailAddress.init(_:))
    ).documented("Unique without regard to case, kept as typed.", example: "grace@example.com")

    static let name = Member<PersonName>(
        "name",
        .string(length: 1...PersonName.longest),
        convert: parsed(PersonName.init(_:))
    ).documented("Any characters of any script.", example: "Grace Hopper")

    static let password = Member<Password>(
        "password",
        .string(length: Password.shortest...Password.longestInBytes, format: "password"),
        convert: parsed(Password.init(_:))
    ).documented("Taken exactly as typed; not one that everybody knows.", example: "a long sentence of mine")

    static let role = Member<Role>(
        "role",
        .choice(Role.allCases.map(\.rawValue)),
        convert: chosen(Role.init(rawValue:))
    ).documented("What the user may do.", example: "member")

    static let status = Member<UserStatus>(
        "status",
        .choice(UserStatus.allCases.map(\.rawValue)),
        convert: chosen(UserStatus.init(rawValue:))
    ).documented("Whether the user may sign in.", example: "active")

    // Read-only members, which a full update may send back as they were read.
    static let id = Member<String>(string: "id", .string(length: 1...64))
        .documented("As it was read.", example: Example.id)
    static let createdAt = Member<String>(string: "created_at", .string(length: 1...64, format: "date-time"))
        .documented("As it was read.", example: Example.instant)
    static let updatedAt = Member<String>(string: "updated_at", .string(length: 1...64, format: "date-time"))
        .documented("As it was read.", example: Example.instant)

    /// POST by somebody for an account of one's own.
    static let registration = ObjectSchema("Registration", [.required(email), .required(name), .required(password)])

    /// POST.
    static let creation = ObjectSchema(
        "NewUser",
        [.required(email), .required(name), .optional(password), .optional(role), .optional(status)]
    )

    /// POST of many: without passwords, which would each take their time to hash.
    static let users = Member<[MemberValues]>(
        objects: "users",
        ObjectSchema("BatchUser", [.required(email), .required(name), .optional(role), .optional(status)]),
        count: 1...100,
        checking: { users in
            EmailAddress.repetitions(in: users.map { $0[email] }).map { place, first in
                HTTPError.Detail(field: "\(place).email", message: "is the same as users.\(first).email")
            }
        }
    ).documented("All of them are made, or none.", example: [["email": "grace@example.com", "name": "Grace Hopper"]])
    static let batch = ObjectSchema("Batch", [.required(users)])

    /// PUT.
    static let replacement = ObjectSchema(
        "UserReplacement",
        [
            .required(email), .required(name),
            .optional(id), .optional(role), .optional(status), .optional(createdAt), .optional(updatedAt),
        ]
    )

    /// PATCH (RFC 7396).
    static let changes = ObjectSchema(
        "UserChanges",
        [.optional(email), .optional(name), .optional(password), .optional(role), .optional(status)],
        mediaTypes: ["application/merge-patch+json", "application/json"]
    )

    /// Makes a value of the domain of a string, with the domain's own reason where it refuses.
    static func parsed<Value>(
        _ make: @escaping @Sendable (String) throws(InvalidValue) -> Value
    ) -> @Sendable (JSONValue) throws(MemberRefusal) -> Value {
        { value throws(MemberRefusal) in
            guard case .string(let text) = value else { throw MemberRefusal("must be a string") }
            do throws(InvalidValue) {
                return try make(text)
            } catch {
                throw MemberRefusal(error.message)
            }
        }
    }

    /// Makes a case of an enumeration of a string that the schema has found among its choices.
    static func chosen<Value>(
        _ make: @escaping @Sendable (String) -> Value?
    ) -> @Sendable (JSONValue) throws(MemberRefusal) -> Value {
        { value throws(MemberRefusal) in
            guard case .string(let text) = value, let choice = make(text) else { throw MemberRefusal("is not known") }
            return choice
        }
    }
}
