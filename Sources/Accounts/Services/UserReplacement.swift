package import Domain

/// All the members of a user that a full update sets.
package struct UserReplacement: Sendable {
    /// The address to sign in with.
    package let email: EmailAddress

    /// What the user is called.
    package let name: PersonName

    /// Puts the checked values together.
    package init(email: EmailAddress, name: PersonName) {
        self.email = email
        self.name = name
    }
}
