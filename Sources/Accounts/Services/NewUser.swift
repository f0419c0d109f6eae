package import Domain

/// What an administrator gives who makes an account for somebody.
package struct NewUser: Sendable {
    /// The address to sign in with.
    package let email: EmailAddress

    /// What the user is called.
    package let name: PersonName

    /// The password; without one nobody can sign in until it is set.
    package let password: Password?

    /// What the user may do.
    package let role: Role

    /// Whether the user may sign in.
    package let status: UserStatus

    /// Puts the checked values together.
    package init(
        email: EmailAddress,
        name: PersonName,
        password: Password? = nil,
        role: Role = .member,
        status: UserStatus = .active
    ) {
        self.email = email
        self.name = name
        self.password = password
        self.role = role
        self.status = status
    }
}
