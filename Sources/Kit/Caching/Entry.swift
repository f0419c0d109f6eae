/// A cached value, with its type forgotten.
@usableFromInline class Entry: @unchecked Sendable {
    // Sendable: neither this class nor the only one below it has anything that can change.
    let stamps: Stamps?
    let byteCount: Int

    /// Whether nothing that the value depends on has changed since; the stamps are looked at where they stand.
    final func isCurrent(in generations: any Generations) -> Bool { stamps?.areCurrent(in: generations) == true }

    init(stamps: Stamps?, byteCount: Int) {
        self.stamps = stamps
        self.byteCount = byteCount
    }
}

/// A cached value.
@usableFromInline final class TypedEntry<Value: CacheableValue>: Entry, @unchecked Sendable {
    @usableFromInline let value: Value

    init(_ value: Value, stamps: Stamps?) {
        self.value = value
        super.init(stamps: stamps, byteCount: value.byteCount)
    }
}
