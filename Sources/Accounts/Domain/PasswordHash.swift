/// A hashed password in PHC string format, with its salt and parameters.
package struct PasswordHash: Secret, Hashable, Sendable {
    /// The text to store.
    package let text: String

    /// Takes the text that a hasher made or that was stored.
    package init(_ text: String) {
        self.text = text
    }
}
