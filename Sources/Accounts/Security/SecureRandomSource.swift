internal import Cryptography
internal import Domain

/// Random bits from the kernel's generator, by libsodium.
package struct SecureRandomSource: RandomSource, Sendable {
    /// Makes a source; all are alike.
    package init() {}

    package func next() -> UInt64 {
        SecureRandom.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
