/// What makes keys and fingerprints of receipts, and keeps what was answered secret.
package protocol ReceiptSealing {
    /// A key of some bytes: the same for the same bytes, and for no others.
    func key(of bytes: [UInt8]) -> ReceiptKey

    /// Tells bytes from others without showing them.
    func fingerprint(of bytes: [UInt8]) -> Fingerprint

    /// Encrypts bytes, bound to the key of their request.
    func seal(_ bytes: [UInt8], for request: ReceiptKey) -> [UInt8]

    /// Decrypts what ``seal(_:for:)`` gave; nil where the secret is not known any more, or something was changed.
    func open(_ sealed: [UInt8], for request: ReceiptKey) -> [UInt8]?
}
