internal import API
internal import Console
internal import Domain

/// A user as commands print one.
enum UserOutput {
    static let head = ["ID", "ROLE", "STATUS", "CREATED", "EMAIL", "NAME"]

    static func list(asJSON: Bool) -> ListOutput<User> {
        ListOutput(
            asJSON: asJSON,
            head: head,
            row: { user in
                [
                    user.id.description, user.role.rawValue, user.status.rawValue, user.createdAt.shown,
                    user.email.text, user.name.text,
                ]
            },
            write: ResourceDocument.write(_:to:)
        )
    }

    /// The whole user, a line for each member.
    static func show(_ user: User, asJSON: Bool) throws {
        guard !asJSON else { return try Output.document { ResourceDocument.write(user, to: &$0) } }
        let members = [
            ("id", user.id.description), ("email", user.email.text), ("name", user.name.text),
            ("role", user.role.rawValue), ("status", user.status.rawValue), ("created", user.createdAt.shown),
            ("updated", user.updatedAt.shown),
        ]
        try Output.lines(
            members.map { name, value in
                "\(name):\(String(repeating: " ", count: 8 - name.count))\(value.neutralised)"
            }
        )
    }

    /// What has become of a user, in a sentence; or the whole user, for programs.
    static func tell(_ user: User, _ what: String, asJSON: Bool) throws {
        guard !asJSON else { return try show(user, asJSON: true) }
        try Output.line("\(user.email.text.neutralised) \(what)")
    }
}

extension User {
    /// Who it is, in a question or an error.
    var shown: String { "\(name.text.neutralised) <\(email.text.neutralised)>" }
}
