/// What tells one representation of a resource from another (RFC 9110, section 8.8.3).
public struct EntityTag: Sendable, Equatable {
    /// Whether it only says that two representations mean the same, not that their bytes are the same.
    public let isWeak: Bool
    /// The characters between the quotation marks.
    public let opaque: String

    /// Makes a tag of characters that may stand between quotation marks there: no quotation mark, no space, no control.
    public init(_ opaque: String, isWeak: Bool = false) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// Makes a strong tag of content that nobody counts the versions of, by a hash (FNV-1a of 64 bits).
    ///
    /// It tells the few versions apart that one resource has in its life; it withstands nobody who looks for two contents
    /// with the same tag.
    public init(ofContent content: [UInt8]) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in content { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        self.init(String(hash, radix: 16))
    }

    /// The value of an ETag field.
    public var fieldValue: String { "\(isWeak ? "W/" : "")\"\(opaque)\"" }

    /// Whether the bytes are the same: both are strong and alike (RFC 9110, section 8.8.3.2).
    public func matchesStrongly(_ other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque == other.opaque
    }

    /// Whether the meaning is the same: they are alike, strong or not.
    public func matchesWeakly(_ other: EntityTag) -> Bool {
        opaque == other.opaque
    }
}

/// The value of If-Match or If-None-Match (RFC 9110, sections 13.1.1 and 13.1.2).
public enum EntityTagCondition: Sendable, Equatable {
    /// `*`: any representation.
    case any
    /// One of these; never empty.
    case tags([EntityTag])

    /// Reads the value of the field, or gives nil where it is malformed.
    ///
    /// Empty elements of the list are passed over (RFC 9110, section 5.6.1.2).
    public init?(_ value: String) {
        var rest = value.utf8[...]
        Self.skipBlanks(&rest)
        if rest.first == UInt8(ascii: "*") {
            rest.removeFirst()
            Self.skipBlanks(&rest)
            guard rest.isEmpty else { return nil }
            self = .any
            return
        }
        var tags: [EntityTag] = []
        while !rest.isEmpty {
            if rest.first != UInt8(ascii: ",") {
                guard let tag = Self.tag(&rest) else { return nil }
                tags.append(tag)
                Self.skipBlanks(&rest)
            }
            guard rest.isEmpty || rest.popFirst() == UInt8(ascii: ",") else { return nil }
            Self.skipBlanks(&rest)
        }
        guard !tags.isEmpty else { return nil }
        self = .tags(tags)
    }

    private static func tag(_ rest: inout Substring.UTF8View) -> EntityTag? {
        let isWeak = rest.starts(with: "W/".utf8)
        if isWeak { rest = rest.dropFirst(2) }
        let quotationMark = UInt8(ascii: "\"")
        guard rest.popFirst() == quotationMark, let end = rest.firstIndex(of: quotationMark) else { return nil }
        let opaque = rest[..<end]
        // Above ASCII anything may stand (obs-text).
        guard opaque.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        rest = rest[rest.index(after: end)...]
        return EntityTag(String(Substring(opaque)), isWeak: isWeak)
    }

    private static func skipBlanks(_ rest: inout Substring.UTF8View) {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }
}
