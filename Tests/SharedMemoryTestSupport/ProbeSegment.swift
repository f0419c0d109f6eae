public import SharedMemory

/// The segment that the tests and `shared-memory-probe` have in common.
public struct ProbeSegment: Sendable {
    /// The words of a record.
    public static let recordWords = 6

    /// The segment itself.
    public let segment: SharedSegment
    /// Protects ``pair``.
    public let mutex: SharedMutex
    /// Two numbers that are the same wherever the mutex is free.
    public let pair: SharedWords
    /// How often a probe has counted the pair and said so.
    public let acknowledged: SharedWord
    /// A counter that many write.
    public let counter: SharedWord
    /// How many hold a permit, and how many at most did.
    public let inside: SharedWords
    /// Four.
    public let permits: SharedPermits
    /// Sixteen.
    public let records: SharedRecords
    /// All of which are for names of one group or another.
    public let leases: SharedLeases

    /// Opens the segment of a directory, whose file stands in that directory too.
    public init(directory: String) throws {
        let name = try SegmentName(program: "probe", directory: directory, in: directory)
        try self.init { layout throws(SharedMemoryError) in try .open(name, layout: layout) }
    }

    /// Opens a handed segment.
    public init(descriptor: Int32) throws {
        try self.init { layout throws(SharedMemoryError) in try .attach(descriptor: descriptor, layout: layout) }
    }

    private init(_ open: (SegmentLayout) throws(SharedMemoryError) -> SharedSegment) throws {
        var layout = SegmentLayout(version: 1)
        let mutex = try layout.addMutex("pair")
        let pair = try layout.addWords("pair", count: 2)
        let counters = try layout.addWords("counters", count: 2, isSpread: true)
        let inside = try layout.addWords("inside", count: 2)
        let permits = try layout.addPermits("permits", count: 4)
        let records = try layout.addRecords("records", count: 16, words: Self.recordWords)
        let leases = try SharedLeases.Parts("leases", in: &layout)
        segment = try open(layout)
        self.mutex = try segment.mutex(mutex)
        self.pair = try segment.words(pair)
        acknowledged = try segment.words(counters)[0]
        counter = try segment.words(counters)[1]
        self.inside = try segment.words(inside)
        self.permits = try segment.permits(permits)
        self.records = try segment.records(records)
        self.leases = try SharedLeases(segment, leases)
    }

    /// Counts both numbers of the pair; repairs them first where a process was killed between the two.
    public func countPair() throws {
        try mutex.withLock(timeout: .seconds(10)) { needsRepair in
            if needsRepair { pair[1].store(pair[0].load()) }
            pair[0].store(pair[0].load() + 1)
            pair[1].store(pair[1].load() + 1)
        }
    }
}
