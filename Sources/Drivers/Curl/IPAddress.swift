internal import CCurl

/// An address of a machine: the 4 bytes of IPv4, or the 16 of IPv6.
public struct IPAddress: Sendable, Hashable {
    /// In network order.
    public let bytes: [UInt8]

    /// Reads `192.0.2.7` or `2001:db8::1` (inet_pton(3)); nil where the text is anything else.
    public init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        // Sound: the text is terminated, and the array has the 16 places.
        let count = unsafe ccurl_read_address(text, &bytes)
        self.init(Array(bytes.prefix(Int(count))))
    }

    /// Takes 4 or 16 bytes; nil for any other number of them.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Whether it belongs to one machine of the public internet.
    ///
    /// IPv4: all but the blocks that IANA's registry of special purposes calls not globally reachable, and all but
    /// multicast and what lies behind it (RFC 6890, RFC 5771). IPv6: what has been given out for use between sites,
    /// 2000::/3 (RFC 4291, section 2.4), without the blocks for protocols, documentation and 6to4 in it. So addresses
    /// that stand for IPv4 ones (::ffff:0:0/96, 64:ff9b::/96) are not public, whichever they stand for: a name leads
    /// to the IPv4 address itself.
    public var isPublic: Bool {
        let blocks = bytes.count == 4 ? Self.specialIPv4 : Self.specialIPv6
        guard bytes.count == 4 || bytes[0] >> 5 == 1 else { return false }
        return !blocks.contains { block in
            let (prefix, bits) = block
            return prefix.indices.allSatisfy { index in
                let counted = min(max(bits - index * 8, 0), 8)
                return (prefix[index] ^ bytes[index]) >> (8 - counted) == 0
            }
        }
    }

    private typealias Block = (prefix: [UInt8], bits: Int)

    private static let specialIPv4: [Block] = [
        ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12), ([192, 0, 0], 24),
        ([192, 0, 2], 24), ([192, 88, 99], 24), ([192, 168], 16), ([198, 18], 15), ([198, 51, 100], 24),
        ([203, 0, 113], 24), ([224], 3),
    ]
    private static let specialIPv6: [Block] = [
        ([0x20, 0x01, 0x00], 23), ([0x20, 0x01, 0x0D, 0xB8], 32), ([0x20, 0x02], 16), ([0x3F, 0xFF, 0x00], 20),
    ]
}

extension IPAddress: CustomStringConvertible {
    /// As people write it: `192.0.2.7`, `2001:db8:0:0:0:0:0:1`.
    public var description: String {
        if bytes.count == 4 { return bytes.map { "\($0)" }.joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }
}

/// Which addresses may be connected to.
///
/// It is asked about the very address that is about to be connected to, after names were resolved: what a name leads to
/// may change between any earlier look and the connection (DNS rebinding).
public struct AddressRule: Sendable {
    let permits: @Sendable (IPAddress) -> Bool

    /// Permits what the closure says; it is called on the thread that connects.
    public init(_ permits: @escaping @Sendable (IPAddress) -> Bool) {
        self.permits = permits
    }

    /// Machines of the public internet only.
    public static let publicOnly = AddressRule { $0.isPublic }
    /// Any address, for servers that the operator has named.
    public static let any = AddressRule { _ in true }
}
