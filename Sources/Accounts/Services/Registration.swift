package import Domain

/// What somebody gives who makes an own account.
package struct Registration: Sendable {
    /// The address to sign in with.
    package let email: EmailAddress

    /// What the user is called.
    package let name: PersonName

    /// The password to sign in with.
    package let password: Password

    /// Puts the checked values together.
    package init(email: EmailAddress, name: PersonName, password: Password) {
        self.email = email
        self.name = name
        self.password = password
    }
}
