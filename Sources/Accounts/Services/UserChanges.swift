package import Domain

/// The members of a user that a partial update sets; those that are nil stay.
package struct UserChanges: Sendable {
    /// The address to sign in with.
    package let email: EmailAddress?

    /// What the user is called.
    package let name: PersonName?

    /// A new password; an administrator's to set.
    package let password: Password?

    /// What the user may do; an administrator's to set.
    package let role: Role?

    /// Whether the user may sign in; an administrator's to set.
    package let status: UserStatus?

    /// Puts the checked values together.
    package init(
        email: EmailAddress? = nil,
        name: PersonName? = nil,
        password: Password? = nil,
        role: Role? = nil,
        status: UserStatus? = nil
    ) {
        self.email = email
        self.name = name
        self.password = password
        self.role = role
        self.status = status
    }

    /// The names of the given members that only an administrator may set.
    var administrativeFields: [String] {
        [
            password == nil ? nil : "password",
            role == nil ? nil : "role",
            status == nil ? nil : "status",
        ].compactMap(\.self)
    }
}
