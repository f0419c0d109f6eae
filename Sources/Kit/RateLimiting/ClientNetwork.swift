/// What an address is counted as: an IPv4 address, or the /64 of an IPv6 address.
///
/// In IPv6 every customer has a network of /64 at least, with more addresses than could be counted. IPv4 addresses that
/// are written as IPv6 (::ffff:0:0/96, RFC 4291, section 2.5.5.2) are the IPv4 addresses that they stand for. Takes the
/// text that the web server tells, and nothing that a client sends.
public struct ClientNetwork: Sendable, Hashable {
    /// 16 bytes: the network with zeros behind it, or an IPv4 address behind ::ffff:0:0/96.
    public let high: UInt64
    /// Bytes 8 to 15.
    public let low: UInt64

    /// Reads an address; nil where it is none, as of a client on a unix socket.
    public init?(_ text: String) {
        if let address = Self.ipv4(text.utf8[...]) {
            self.init(ipv4: address)
            return
        }
        guard let (high, low) = Self.ipv6(text) else { return nil }
        if high == 0, low >> 32 == 0xFFFF {
            self.init(ipv4: UInt32(truncatingIfNeeded: low))
        } else {
            self.init(LimitKey.Label(high: high, low: 0))
        }
    }

    /// Takes the 16 bytes of a label back.
    public init(_ label: LimitKey.Label) {
        high = label.high
        low = label.low
    }

    private init(ipv4: UInt32) {
        high = 0
        low = 0xFFFF_0000_0000 | UInt64(ipv4)
    }

    /// The key to count it under.
    public var key: LimitKey { LimitKey(label) }

    /// The bytes by which people recognise it.
    public var label: LimitKey.Label { LimitKey.Label(high: high, low: low) }

    /// The key of a client whose address is none: all of that text are one.
    public static func key(of text: String) -> LimitKey {
        if let network = ClientNetwork(text) { return network.key }
        return LimitKey(Array(text.utf8), label: LimitKey.Label(high: .max, low: .max))
    }

    // MARK: - Reading

    static func ipv4(_ text: Substring.UTF8View) -> UInt32? {
        var address: UInt32 = 0
        var (number, digits, parts) = (UInt32(0), 0, 0)
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                number = number * 10 + UInt32(byte - UInt8(ascii: "0"))
                digits += 1
                guard digits <= 3, number <= 255 else { return nil }
            case UInt8(ascii: "."):
                guard digits > 0, parts < 3 else { return nil }
                address = address << 8 | number
                (number, digits, parts) = (0, 0, parts + 1)
            default: return nil
            }
        }
        guard digits > 0, parts == 3 else { return nil }
        return address << 8 | number
    }

    /// RFC 4291, section 2.2.
    static func ipv6(_ text: String) -> (high: UInt64, low: UInt64)? {
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2, let front = groups(halves[0], endsText: halves.count == 1) else { return nil }
        var all = front
        if halves.count == 2 {
            guard let back = groups(halves[1], endsText: true), front.count + back.count <= 7 else { return nil }
            all += Array(repeating: 0, count: 8 - front.count - back.count) + back
        }
        guard all.count == 8 else { return nil }
        func word(_ groups: ArraySlice<UInt16>) -> UInt64 { groups.reduce(0) { $0 << 16 | UInt64($1) } }
        return (word(all[..<4]), word(all[4...]))
    }

    private static func groups(_ text: Substring, endsText: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if endsText, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard let address = ipv4(part.utf8) else { return nil }
                groups += [UInt16(address >> 16), UInt16(truncatingIfNeeded: address)]
            } else {
                guard (1...4).contains(part.utf8.count), !part.utf8.contains(UInt8(ascii: "+")),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }
}

extension ClientNetwork: CustomStringConvertible {
    /// As people write it: `192.0.2.7`, `2001:db8:0:1::/64`.
    public var description: String {
        if high == 0, low >> 32 == 0xFFFF {
            return (0..<4).map { "\(low >> (24 - 8 * UInt64($0)) & 0xFF)" }.joined(separator: ".")
        }
        if high == .max, low == .max { return "no address" }
        var groups = (0..<4).map { String(high >> (48 - 16 * UInt64($0)) & 0xFFFF, radix: 16) }
        while groups.last == "0" { groups.removeLast() }
        return groups.joined(separator: ":") + "::/64"
    }
}
