/// Something that cached values depend on and that changes as one: a table, a row of it, a price list.
///
/// A tag is a place in the table of ``Generations``, found by a hash of its name. Two tags may share a place; then what
/// depends on one is also loaded anew when the other changes, and nothing worse. The hash is the same in every process
/// and every version of the program.
public struct CacheTag: Hashable, Sendable {
    /// The place, behind those that have a meaning of their own.
    let place: Int

    /// Names something that is changed and invalidated as a whole.
    public init(_ name: String) {
        self.init(name, [])
    }

    /// Names one thing of a kind by the bytes of its id.
    public init(_ kind: String, _ id: [UInt8]) {
        var hash = FNV1a64()
        for byte in kind.utf8 { hash.add(byte) }
        // No kind has this byte in it: a name that continues is another name.
        hash.add(0xff)
        for byte in id { hash.add(byte) }
        place = GenerationPlace.firstTag + Int(hash.value % UInt64(GenerationPlace.count - GenerationPlace.firstTag))
    }
}

/// The 64-bit FNV-1a hash (RFC 9923): spreads tags, protects against nobody.
private struct FNV1a64 {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
}
