/// Whom a policy is counted for.
///
/// A table keeps no keys, only keyed hashes of them, and 16 bytes by which people recognise an entry.
public struct LimitKey: Sendable {
    /// 16 bytes to recognise an entry by.
    public struct Label: Sendable, Hashable {
        /// Bytes 0 to 7, the first one highest.
        public let high: UInt64
        /// Bytes 8 to 15.
        public let low: UInt64

        /// Takes 16 bytes.
        public init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }
    }

    /// By what an entry is shown.
    public let label: Label
    /// What is hashed beside the label; nil where the label is the whole key.
    let text: [UInt8]?

    /// A key of 16 bytes: an id, or an address.
    public init(_ label: Label) {
        self.label = label
        text = nil
    }

    /// A key of any length, together with what it is recognised by; the label is part of the key.
    public init(_ text: [UInt8], label: Label) {
        self.label = label
        self.text = text
    }

    /// Where the key stands under a policy; never 0.
    func hash(under policy: LimitPolicy, seed: SipHash.Key) -> UInt64 {
        var hasher = SipHash(key: seed)
        hasher.add(policy.identity)
        hasher.add(label.high)
        hasher.add(label.low)
        guard let text else { return max(1, hasher.finish(length: 24)) }
        return max(1, hasher.finish(text))
    }
}
