package import Domain

/// Tokens that anybody can make of the id.
package struct CheapConfirmationTokens: ConfirmationTokens {
    private let secrets: [UInt64]

    /// Makes tokens under these secrets, the newest first.
    package init(secrets: [UInt64] = [0]) {
        self.secrets = secrets
    }

    package func tokens(of id: ConfirmationID) -> [ConfirmationToken] {
        secrets.map { ConfirmationToken([id.uuid.high, id.uuid.low, $0, 0]) }
    }
}
