internal import Cryptography
package import Domain

/// Receipts under the secrets of the instance; what was sealed before a rotation can still be opened.
package struct InstanceReceiptSealing: ReceiptSealing, Sendable {
    private let keys: InstanceKeys

    /// Takes the secrets.
    package init(_ keys: InstanceKeys) {
        self.keys = keys
    }

    package func key(of bytes: [UInt8]) -> ReceiptKey {
        ReceiptKey(bytes: Array(SHA256.digest(bytes).prefix(ReceiptKey.size)))
    }

    package func fingerprint(of bytes: [UInt8]) -> Fingerprint {
        Fingerprint(tags: keys.tags(of: bytes, for: .fingerprint))
    }

    package func seal(_ bytes: [UInt8], for request: ReceiptKey) -> [UInt8] {
        keys.seal(bytes, for: .receipt, context: request.bytes)
    }

    package func open(_ sealed: [UInt8], for request: ReceiptKey) -> [UInt8]? {
        keys.open(sealed, for: .receipt, context: request.bytes)
    }
}
