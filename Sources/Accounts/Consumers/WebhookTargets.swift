internal import Curl
package import Domain

/// Where webhooks may be sent to: by https to the public internet, and by either scheme to networks of the operator's.
package struct WebhookTargets: WebhookTargetRule, Sendable {
    private let hasNetworks: Bool
    private let isInside: @Sendable (String) -> Bool

    /// Takes what the operator has named.
    ///
    /// - Parameters:
    ///   - hasNetworks: whether anything was named.
    ///   - isInside: whether an address, in text, is of a network that was named.
    package init(hasNetworks: Bool, isInside: @escaping @Sendable (String) -> Bool) {
        self.hasNetworks = hasNetworks
        self.isInside = isInside
    }

    package func mayReach(_ url: WebhookURL) -> Bool {
        // RFC 6761, section 6.3: these names stand for loopback and nothing else.
        let isLocal = url.host == "localhost" || url.host.hasSuffix(".localhost")
        guard let address = IPAddress(isLocal ? "127.0.0.1" : url.host) else { return url.isEncrypted || hasNetworks }
        return permits(address, encrypted: url.isEncrypted)
    }

    /// What is asked about the address that is about to be connected to.
    func rule(encrypted: Bool) -> AddressRule {
        AddressRule { permits($0, encrypted: encrypted) }
    }

    private func permits(_ address: IPAddress, encrypted: Bool) -> Bool {
        isInside("\(address)") || encrypted && address.isPublic
    }
}
