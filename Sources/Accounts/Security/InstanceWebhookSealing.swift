package import Domain

/// Secrets of webhooks under the secrets of the instance; what was sealed before a rotation can still be opened.
package struct InstanceWebhookSealing: WebhookSealing, Sendable {
    private let keys: InstanceKeys

    /// Takes the secrets.
    package init(_ keys: InstanceKeys) {
        self.keys = keys
    }

    package func seal(_ secret: WebhookSecret, for id: WebhookID) -> [UInt8] {
        keys.seal(secret.bytes, for: .webhook, context: Array("\(id)".utf8))
    }

    package func open(_ sealed: [UInt8], for id: WebhookID) -> WebhookSecret? {
        keys.open(sealed, for: .webhook, context: Array("\(id)".utf8)).map(WebhookSecret.init(bytes:))
    }
}
