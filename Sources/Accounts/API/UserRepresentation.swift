internal import Domain
internal import HTTPPipeline
internal import JSON

extension User {
    /// How the API shows a user.
    static let representation = Representation<User>(
        "User",
        version: 1,
        [
            .uuid("id", "Never changes.", example: Example.id) { $0.id.description },
            .string(UserBody.email) { $0.email.text },
            .string(UserBody.name) { $0.name.text },
            .string(UserBody.role) { $0.role.rawValue },
            .string(UserBody.status) { $0.status.rawValue },
            .timestamp("created_at", "When it was made.", example: Example.instant) { $0.createdAt.microseconds },
            .timestamp("updated_at", "When it was changed last.", example: Example.instant) {
                $0.updatedAt.microseconds
            },
        ]
    )

    /// The tag of the whole representation: the same for every caller.
    var entityTag: EntityTag { Self.entityTag(of: id, version: version) }

    /// The tag of the representation of a version, for which nobody needs the user.
    static func entityTag(of id: UserID, version: Int64) -> EntityTag {
        revision(of: id, version: version).tag
    }

    /// What conditions are held against, and what a remembered response is found by.
    static func revision(of id: UserID, version: Int64) -> Revision {
        Revision(id: id.uuid, version: version, representation: representation.version)
    }
}
