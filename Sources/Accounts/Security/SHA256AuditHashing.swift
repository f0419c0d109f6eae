internal import Cryptography
internal import Domain

/// Hashes of the audit's chain by SHA-256.
package struct SHA256AuditHashing: AuditHashing, Sendable {
    /// Makes one; all are alike.
    package init() {}

    package func hash(of bytes: [UInt8]) -> [UInt8] { SHA256.digest(bytes) }
}
