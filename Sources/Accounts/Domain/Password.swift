/// A password, taken exactly as it was typed: no trimming, no normalisation.
package struct Password: Secret, Sendable {
    /// The least length of a new password, in code points (NIST SP 800-63B-4, 3.1.1.2).
    package static let shortest = 15

    /// The greatest length in bytes: checked before hashing, so that nobody makes us hash megabytes.
    package static let longestInBytes = 1024

    private let text: String

    /// Checks a password that somebody chooses.
    package init(_ text: String) throws(InvalidValue) {
        try self.init(attempt: text)
        guard text.unicodeScalars.count >= Self.shortest else { throw .passwordTooShort }
    }

    /// Takes what somebody typed in order to sign in.
    ///
    /// It may be too short to be chosen today: it is only compared. What could
    /// not be hashed at all is refused with `passwordTooLong`.
    package init(attempt text: String) throws(InvalidValue) {
        guard text.utf8.count <= Self.longestInBytes else { throw .passwordTooLong }
        self.text = text
    }

    /// The bytes to hash.
    package var utf8: String.UTF8View { text.utf8 }
}
