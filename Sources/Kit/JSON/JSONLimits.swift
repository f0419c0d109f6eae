/// What a JSON text may cost at most.
///
/// Handed to ``JSONReader``.
public struct JSONLimits: Sendable, Equatable {
    /// How deep arrays and objects may be nested.
    ///
    /// From 0 (no array and no object) to 256, which bounds the stack that reading takes; larger and smaller numbers
    /// are brought into that range.
    public let depth: Int

    /// How many bytes a text may have.
    ///
    /// The values take about ten times the memory of the text.
    public let bytes: Int

    /// Makes limits.
    ///
    /// Without arguments: 32 levels and 1 MiB.
    public init(depth: Int = 32, bytes: Int = 1 << 20) {
        self.depth = min(max(depth, 0), 256)
        self.bytes = max(bytes, 0)
    }
}
