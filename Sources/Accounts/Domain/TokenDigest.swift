/// The SHA-256 digest of a token: what is stored in the token's place.
///
/// A token has 256 random bits, so a fast digest without salt is enough, and a
/// look-up by the digest tells nothing of the token by its time.
package struct TokenDigest: Hashable, Sendable {
    /// The 32 bytes of the digest.
    package let bytes: [UInt8]

    /// Takes the 32 bytes that were computed or stored.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// Computes the digests of tokens.
package protocol TokenDigesting {
    /// The SHA-256 digest of the UTF-8 bytes of a token's text, prefix and all.
    ///
    /// The prefix is part of it, so that a token of one kind is never one of
    /// another.
    func digest(of token: String) -> TokenDigest
}
