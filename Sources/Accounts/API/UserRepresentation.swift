internal import Domain
internal import HTTPPipeline
internal import JSON

extension User {
    /// Counts up whenever ``write(to:fields:)`` begins to write the same user in another way, so that no client takes
    /// what it has stored for what it would get.
    private static let representationVersion = 1

    /// Writes the user, or some members, as the API shows it.
    func write(to writer: inout JSONWriter, fields: UserFields = .all) {
        writer.object { user in
            if fields.contains(.id) { user.member("id", id.description) }
            if fields.contains(.email) { user.member("email", email.text) }
            if fields.contains(.name) { user.member("name", name.text) }
            if fields.contains(.role) { user.member("role", role.rawValue) }
            if fields.contains(.status) { user.member("status", status.rawValue) }
            if fields.contains(.createdAt) { user.member("created_at", timestamp: createdAt.microseconds) }
            if fields.contains(.updatedAt) { user.member("updated_at", timestamp: updatedAt.microseconds) }
        }
    }

    /// The tag of the whole representation: the same for every caller.
    var entityTag: EntityTag { Self.entityTag(of: id, version: version) }

    /// The tag of the representation of a version, for which nobody needs the user.
    static func entityTag(of id: UserID, version: Int64) -> EntityTag {
        EntityTag("\(id).\(version).\(representationVersion)")
    }
}

/// The members of a user that a client wants to see.
struct UserFields: OptionSet {
    let rawValue: Int

    static let id = UserFields(rawValue: 1 << 0)
    static let email = UserFields(rawValue: 1 << 1)
    static let name = UserFields(rawValue: 1 << 2)
    static let role = UserFields(rawValue: 1 << 3)
    static let status = UserFields(rawValue: 1 << 4)
    static let createdAt = UserFields(rawValue: 1 << 5)
    static let updatedAt = UserFields(rawValue: 1 << 6)
    static let all = UserFields(rawValue: 1 << names.count - 1)

    /// The names, in the order of the bits.
    static let names = ["id", "email", "name", "role", "status", "created_at", "updated_at"]

    init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Reads names with commas between them, or gives nil where one is unknown.
    init?(_ text: String) {
        self = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let bit = Self.names.firstIndex(where: { $0 == name }) else { return nil }
            insert(UserFields(rawValue: 1 << bit))
        }
    }

    /// The names with commas between them.
    var text: String {
        Self.names.indices.filter { contains(UserFields(rawValue: 1 << $0)) }.map { Self.names[$0] }
            .joined(separator: ",")
    }
}
