/// What tells one list from another: its order and its filters.
///
/// A cursor belongs to one list: in another its place would mean something else, and rows would be lost in silence.
public struct ListIdentity: Sendable, Equatable {
    let bytes: [UInt8]

    /// Identifies a list.
    ///
    /// - Parameters:
    ///   - order: the number of the order; each order of a resource has one of its own, for ever.
    ///   - filters: the filters and their values, always in the same sequence.
    public init(order: UInt8, filters: [(name: String, value: String)]) {
        // FNV-1a, enough to tell filters apart: the tag of the cursor keeps others from choosing it.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in filters.flatMap({ [$0.name, $0.value] }) {
            // No text contains 0xFF, so that it parts them.
            for byte in Array(text.utf8) + [0xFF] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        bytes = [order] + stride(from: UInt64(56), through: 0, by: -8).map { UInt8(truncatingIfNeeded: hash >> $0) }
    }
}
