internal import Cryptography
package import Domain

/// Digests of tokens by SHA-256.
package struct SHA256TokenDigests: TokenDigesting, Sendable {
    /// Makes a digester; all are alike.
    package init() {}

    package func digest(of token: String) -> TokenDigest {
        TokenDigest(bytes: SHA256.digest(Array(token.utf8)))
    }
}
