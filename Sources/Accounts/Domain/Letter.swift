/// A mail to a user, as it is meant: what it is about and what it tells, not how it looks.
package struct Letter: Sendable {
    /// What it is about; each has templates of this name.
    package enum Kind: String, CaseIterable, Sendable {
        /// How to set a password that was lost.
        case passwordReset = "password-reset"
        /// How to show that the address is the user's.
        case verification = "email-verification"
        /// To the address that is left: that another is to take its place.
        case changeFrom = "email-change-old"
        /// To the address that is taken.
        case changeTo = "email-change-new"
        /// That somebody has signed in from where nobody did before.
        case newSignIn = "new-sign-in"
        /// That the password was set.
        case passwordChanged = "password-changed"
        /// That the address was changed.
        case emailChanged = "email-changed"
        /// That an API key was made.
        case keyCreated = "api-key-created"
        /// That mail arrives.
        case test
    }

    /// What it is about.
    package let kind: Kind
    /// Where it goes.
    package let recipient: EmailAddress
    /// What the user is called; empty where that is not known.
    package let name: String
    /// When what it tells of happened.
    package let instant: Timestamp
    /// The token that it brings, if it brings one.
    package var token: ConfirmationToken?
    /// How many minutes the token is good.
    package var minutes = 0
    /// From where somebody signed in.
    package var origin: SessionOrigin?
    /// What the key is called that was made, or the address that is taken.
    package var subject = ""

    /// Begins a letter.
    package init(_ kind: Kind, to recipient: EmailAddress, name: String, at instant: Timestamp) {
        self.kind = kind
        self.recipient = recipient
        self.name = name
        self.instant = instant
    }
}
