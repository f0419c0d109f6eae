/// The secret that proves an API key: `gh_k_` and 256 random bits.
///
/// It is shown once, when the key is made; stored is only its digest.
package struct APIKeyToken: Secret, Hashable, Sendable {
    /// What the text of every key begins with.
    package static let prefix = "gh_k_"

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
