/// The secret that proves a session: `gh_s_` and 256 random bits.
///
/// It is shown once, at sign-in; stored is only its digest.
package struct SessionToken: Secret, Hashable, Sendable {
    /// What the text of every session's token begins with.
    package static let prefix = "gh_s_"

    /// The text to give to the client, and to digest.
    package let text: String

    /// Makes a new token.
    package init(from random: any RandomSource) {
        text = TokenText.make(prefix: Self.prefix, from: random)
    }

    /// Reads exactly a text that could have been given out, or gives nil.
    package init?(_ text: String) {
        guard TokenText.isWellFormed(text, prefix: Self.prefix) else { return nil }
        self.text = text
    }
}
