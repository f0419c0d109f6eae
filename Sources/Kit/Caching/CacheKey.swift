/// A kind of cached values, counted by itself.
public struct CacheKind: Hashable, Sendable {
    /// How many kinds a program may have.
    public static let most = 16

    /// What people call it.
    public let name: StaticString
    /// The place of its counters, less than ``most``; the same in all processes that share them.
    public let number: Int
    /// Counts up whenever the program begins to make these values in another way: it stands in every key, so that no
    /// version of the program reads what another one has made.
    public let version: Int

    /// Declares a kind.
    public init(_ name: StaticString, number: Int, version: Int) {
        self.name = name
        self.number = min(max(0, number), Self.most - 1)
        self.version = version
    }

    /// Numbers are told apart, not names.
    public static func == (left: CacheKind, right: CacheKind) -> Bool {
        left.number == right.number && left.version == right.version
    }

    /// Hashes what tells kinds apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(number)
        hasher.combine(version)
    }
}

/// What a cached value is found by: its kind with the version of its representation, and all that it was made of.
///
/// A value that differs from caller to caller has the caller in its key. Keys are compared whole, and hashed with a seed
/// that is the process's own: nobody outside can choose keys that collide. What must not stand in memory, such as a token,
/// goes into a key as its digest.
public struct CacheKey: Hashable, Sendable {
    /// The kind.
    public let kind: CacheKind
    private let words: (UInt64, UInt64, UInt64, UInt64)
    private let bytes: [UInt8]
    private let hash: Int

    /// Makes a key of words and bytes; ids and digests fit into words, which cost nothing to copy.
    public init(
        _ kind: CacheKind,
        _ first: UInt64 = 0,
        _ second: UInt64 = 0,
        _ third: UInt64 = 0,
        _ fourth: UInt64 = 0,
        bytes: [UInt8] = []
    ) {
        self.kind = kind
        self.bytes = bytes
        words = (first, second, third, fourth)
        var hasher = Hasher()
        kind.hash(into: &hasher)
        hasher.combine(first)
        hasher.combine(second)
        hasher.combine(third)
        hasher.combine(fourth)
        if !bytes.isEmpty { hasher.combine(bytes) }
        hash = hasher.finalize()
    }

    /// Which of so many parts of the cache holds it; the count is a power of two.
    func shard(of count: Int) -> Int { hash & (count - 1) }

    /// What the key itself takes in memory.
    var byteCount: Int { bytes.count }

    /// Compares all of it.
    public static func == (left: CacheKey, right: CacheKey) -> Bool {
        left.hash == right.hash && left.words == right.words && left.kind == right.kind && left.bytes == right.bytes
    }

    /// Passes on the hash that was computed once.
    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
