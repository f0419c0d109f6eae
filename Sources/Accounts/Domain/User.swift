/// An account of the site.
///
/// The password is no part of it: its hash goes to storage and comes back by
/// ways of its own, so that it cannot slip into an answer.
package struct User: Hashable, Sendable {
    /// Who it is, for ever.
    package let id: UserID

    /// The address to sign in with; no two users have the same without regard to case.
    package var email: EmailAddress

    /// What the user is called.
    package var name: PersonName

    /// What the user may do.
    package var role: Role

    /// Whether the user may sign in.
    package var status: UserStatus

    /// When the account was made.
    package let createdAt: Timestamp

    /// When a member of this type, or the password, was last changed by somebody.
    package var updatedAt: Timestamp

    /// 1 at first, and one more with each stored change.
    package var version: Int64

    /// Takes all members, as they are stored or to be stored.
    package init(
        id: UserID,
        email: EmailAddress,
        name: PersonName,
        role: Role,
        status: UserStatus,
        createdAt: Timestamp,
        updatedAt: Timestamp,
        version: Int64
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.role = role
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// Whether the user counts as one of those of whom the last must stay.
    package var isActiveAdministrator: Bool {
        role == .administrator && status == .active
    }
}
