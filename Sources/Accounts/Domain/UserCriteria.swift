/// What is asked of the users of a list; what is nil does not matter.
package struct UserCriteria: Sendable {
    /// What they may do.
    package let role: Role?

    /// Whether they may sign in.
    package let status: UserStatus?

    /// Their accounts were made later than this.
    package let createdAfter: Timestamp?

    /// Their accounts were made earlier than this.
    package let createdBefore: Timestamp?

    /// Their address folds to the same bytes.
    package let email: EmailAddress?

    /// What their folded address begins with.
    package let emailPrefix: FoldedPrefix?

    /// What their folded name begins with.
    package let namePrefix: FoldedPrefix?

    /// Puts criteria together.
    package init(
        role: Role? = nil,
        status: UserStatus? = nil,
        createdAfter: Timestamp? = nil,
        createdBefore: Timestamp? = nil,
        email: EmailAddress? = nil,
        emailPrefix: FoldedPrefix? = nil,
        namePrefix: FoldedPrefix? = nil
    ) {
        self.role = role
        self.status = status
        self.createdAfter = createdAfter
        self.createdBefore = createdBefore
        self.email = email
        self.emailPrefix = emailPrefix
        self.namePrefix = namePrefix
    }

    /// Whether a user is one of them.
    package func match(_ user: User) -> Bool {
        (role.map { $0 == user.role } ?? true)
            && (status.map { $0 == user.status } ?? true)
            && (createdAfter.map { $0 < user.createdAt } ?? true)
            && (createdBefore.map { user.createdAt < $0 } ?? true)
            && (email.map { $0.folded.utf8.elementsEqual(user.email.folded.utf8) } ?? true)
            && (emailPrefix?.matches(user.email.folded) ?? true)
            && (namePrefix?.matches(user.name.folded) ?? true)
    }
}
