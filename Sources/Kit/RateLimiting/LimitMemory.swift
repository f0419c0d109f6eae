/// Where a table keeps its words.
protocol LimitMemory {
    /// How many sets it has: a power of two.
    var setCount: Int { get }
    /// The seed of the keyed hashes.
    var seed: SipHash.Key { get }
    /// Runs the body while nobody else is at the set; false, and not run, where that cannot be had in time.
    func withSet(_ set: Int, _ body: () -> Void) -> Bool
    /// Reads a word of the slots.
    func load(_ word: Int) -> UInt64
    /// Writes a word of the slots; nobody sees it before those that were written earlier.
    func store(_ word: Int, _ value: UInt64)
    /// Reads a word of the labels.
    func loadLabel(_ word: Int) -> UInt64
    /// Writes a word of the labels.
    func storeLabel(_ word: Int, _ value: UInt64)
    /// Counts that something went wrong.
    func count(_ event: LimitEvent)
}

/// What goes wrong in a table, or nearly.
enum LimitEvent: Int, CaseIterable {
    /// A lock did not come free in time.
    case lockTimeout
    /// All slots of a set refuse somebody, and there is none for one more.
    case crowded
    /// A slot that still counted was given to another key.
    case displaced
}
