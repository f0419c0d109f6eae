package import Domain

/// Seals by turning every bit over, which hides words from who looks for them, and costs nothing.
package struct CheapReceiptSealing: ReceiptSealing {
    /// Makes one.
    package init() {}

    package func key(of bytes: [UInt8]) -> ReceiptKey {
        ReceiptKey(bytes: Array(digest(bytes).prefix(ReceiptKey.size)))
    }

    package func fingerprint(of bytes: [UInt8]) -> Fingerprint {
        Fingerprint(tags: [digest(bytes)])
    }

    package func seal(_ bytes: [UInt8], for request: ReceiptKey) -> [UInt8] {
        request.bytes + bytes.map { ~$0 }
    }

    package func open(_ sealed: [UInt8], for request: ReceiptKey) -> [UInt8]? {
        guard sealed.starts(with: request.bytes) else { return nil }
        return sealed.dropFirst(ReceiptKey.size).map { ~$0 }
    }

    private func digest(_ bytes: [UInt8]) -> [UInt8] {
        CheapTokenDigest().digest(of: bytes.map { "\($0)" }.joined(separator: " ")).bytes
    }
}
