/// Addresses that have their first bits in common: `10.0.0.0/8`, `2001:db8::/32`, or one address alone.
///
/// IPv4 addresses that are written as IPv6 (::ffff:0:0/96) are the IPv4 addresses that they stand for.
public struct AddressRange: Sendable, Hashable {
    private let high: UInt64
    private let low: UInt64
    private let bits: Int

    /// Reads an address, or one with the number of its bits that count; nil where the text is neither.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = Self.address(String(parts[0])) else { return nil }
        var bits = 128
        if parts.count == 2 {
            let unseen = address.isIPv4 ? 96 : 0
            guard let count = Int(parts[1]), parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
                (0...(128 - unseen)).contains(count)
            else { return nil }
            bits = count + unseen
        }
        self.bits = bits
        high = address.high & Self.mask(bits)
        low = address.low & Self.mask(bits - 64)
    }

    /// Whether an address, in text, is one of them; what is no address is none.
    public func contains(_ text: String) -> Bool {
        guard let address = Self.address(text) else { return false }
        return address.high & Self.mask(bits) == high && address.low & Self.mask(bits - 64) == low
    }

    private static func address(_ text: String) -> (high: UInt64, low: UInt64, isIPv4: Bool)? {
        if let address = ClientNetwork.ipv4(text.utf8[...]) { return (0, 0xFFFF_0000_0000 | UInt64(address), true) }
        return ClientNetwork.ipv6(text).map { ($0.high, $0.low, false) }
    }

    /// The first so many bits of a word, of which there may be none or more than it has.
    private static func mask(_ bits: Int) -> UInt64 {
        if bits <= 0 { return 0 }
        return bits >= 64 ? .max : ~(.max >> UInt64(bits))
    }
}
