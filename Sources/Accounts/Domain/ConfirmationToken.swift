/// The secret in a mail: `gh_c_` and 256 bits that nobody can foretell.
///
/// It stands in the mail and nowhere else; stored is only its digest.
package struct ConfirmationToken: Secret, Hashable, Sendable {
    /// What the text of every such token begins with.
    package static let prefix = "gh_c_"

    /// The text for the mail, and to digest.
    package let text: String

    /// Makes the token of four words.
    package init(_ words: [UInt64]) {
        text = TokenText.make(prefix: Self.prefix, words: words)
    }

    /// Reads exactly a text that could have been given out, or gives nil.
    package init?(_ text: String) {
        guard TokenText.isWellFormed(text, prefix: Self.prefix) else { return nil }
        self.text = text
    }
}

/// Makes the tokens of confirmations.
///
/// A token is derived from the id of its confirmation under a secret of the instance. So who asks for it stores its
/// digest, who sends the mail makes it again, and in between it stands nowhere.
package protocol ConfirmationTokens {
    /// The tokens of a confirmation under all secrets that are known, that of the newest first; one at least.
    func tokens(of id: ConfirmationID) -> [ConfirmationToken]
}
