package import Domain

/// Tokens of mails under the secrets of the instance: HMAC-SHA256 of the id, by a key of this purpose alone.
///
/// Nobody who does not know a secret can tell such a token from random bits, or make it from the store.
package struct InstanceConfirmationTokens: ConfirmationTokens, Sendable {
    private let keys: InstanceKeys

    /// Takes the secrets.
    package init(_ keys: InstanceKeys) {
        self.keys = keys
    }

    package func tokens(of id: ConfirmationID) -> [ConfirmationToken] {
        keys.tags(of: Array(id.description.utf8), for: .confirmation).map { tag in
            ConfirmationToken(
                stride(from: 0, to: 32, by: 8).map { start in
                    tag[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) }
                }
            )
        }
    }
}
