/// What stands in the second part of a segment, and where.
///
/// A program builds the same layout each time it starts, by the same calls in the same order. Its fingerprint is made of
/// the version and of every part's kind, name, count and size; programs whose fingerprints agree share one second part,
/// and another layout stands beside it in the same file. So a new release never misreads what an old one wrote, even
/// where somebody forgot to raise the version.
///
///     var layout = SegmentLayout(version: 1)
///     let requests = try layout.addWords("requests", count: 1)
///     let segment = try SharedSegment.open(name, layout: layout)
///     try segment.words(requests)[0].add(1)
///
/// Each part begins at a multiple of 64, the size of a cache line.
public struct SegmentLayout: Sendable {
    /// The largest second part, in bytes.
    public static let largest = 64 << 20

    /// What the layout's maker counts up when the meaning of a part changes.
    public let version: Int
    /// The most bytes it may have.
    public let capacity: Int
    /// How many bytes it has.
    public private(set) var byteCount = 0
    private(set) var parts: [SegmentPart] = []

    /// Begins an empty layout.
    public init(version: Int, capacity: Int = Self.largest) {
        self.version = max(0, version)
        self.capacity = min(max(0, capacity), Self.largest)
    }

    /// Adds atomic words, all 0 at first.
    ///
    /// With `isSpread` each has a cache line of its own, for words that several processors write at once. Throws
    /// ``SharedMemoryError/full(what:wanted:available:)``.
    public mutating func addWords(
        _ name: String,
        count: Int,
        isSpread: Bool = false
    ) throws(SharedMemoryError) -> WordsPart {
        WordsPart(part: try add(.words, name, count: count, stride: isSpread ? 64 : 8))
    }

    /// Adds counters, all 0 at first: 8 bytes each for each of ``SharedCounters/stripes``.
    public mutating func addCounters(_ name: String, count: Int) throws(SharedMemoryError) -> CountersPart {
        let stripe = roundedUp(max(1, count), to: 8)
        let words = try addWords(name, count: stripe * SharedCounters.stripes)
        return CountersPart(words: words, count: count, stripe: stripe)
    }

    /// Adds a mutex, 64 bytes.
    public mutating func addMutex(_ name: String) throws(SharedMemoryError) -> MutexPart {
        MutexPart(part: try add(.mutex, name, count: 1, stride: SharedMutex.recordSize))
    }

    /// Adds a row of mutexes, 64 bytes each.
    public mutating func addMutexes(_ name: String, count: Int) throws(SharedMemoryError) -> MutexesPart {
        MutexesPart(part: try add(.mutex, name, count: count, stride: SharedMutex.recordSize))
    }

    /// Adds permits, 64 bytes each.
    public mutating func addPermits(_ name: String, count: Int) throws(SharedMemoryError) -> PermitsPart {
        PermitsPart(part: try add(.permits, name, count: count, stride: SharedMutex.recordSize))
    }

    /// Adds records of `words` words; each has 72 bytes more, and begins on a cache line.
    public mutating func addRecords(
        _ name: String,
        count: Int,
        words: Int
    ) throws(SharedMemoryError) -> RecordsPart {
        guard (1...512).contains(words) else {
            throw .full(what: "the words of a record of \(name)", wanted: words, available: 512)
        }
        let stride = SharedMutex.recordSize + roundedUp(8 + words * 8, to: 64)
        return RecordsPart(part: try add(.records, name, count: count, stride: stride), words: words)
    }

    private mutating func add(
        _ kind: SegmentPart.Kind,
        _ name: String,
        count: Int,
        stride: Int
    ) throws(SharedMemoryError) -> SegmentPart {
        let offset = roundedUp(byteCount, to: 64)
        let available = max(0, capacity - offset)
        let (size, isBeyond) = count.multipliedReportingOverflow(by: stride)
        guard count > 0, !isBeyond, size <= available else {
            throw .full(what: name, wanted: isBeyond ? .max : size, available: available)
        }
        let part = SegmentPart(kind: kind, name: name, offset: offset, count: count, stride: stride)
        parts.append(part)
        byteCount = offset + size
        return part
    }

    /// Tells layouts apart; never 0.
    var fingerprint: UInt64 {
        var text = "layout \(version)"
        for part in parts {
            text += "\n\(part.kind.rawValue) \(part.count) \(part.stride) \(part.name.utf8.count) \(part.name)"
        }
        return max(1, FNV1a64.hash(text))
    }

    /// What the second part takes in the file: whole pages, one at least.
    var size: Int { max(FirstPart.page, roundedUp(byteCount, to: FirstPart.page)) }
}

private func roundedUp(_ number: Int, to step: Int) -> Int { (number + step - 1) / step * step }

/// A part of a layout: offset and stride in bytes.
struct SegmentPart: Equatable, Sendable {
    enum Kind: String { case words, mutex, permits, records }

    let kind: Kind
    let name: String
    let offset: Int
    let count: Int
    let stride: Int
}

/// Where words stand in a layout.
public struct WordsPart: Sendable { let part: SegmentPart }
/// Where counters stand in a layout.
public struct CountersPart: Sendable {
    let words: WordsPart
    let count: Int
    /// The words of a stripe, which begins on a cache line.
    let stripe: Int
}
/// Where a mutex stands in a layout.
public struct MutexPart: Sendable { let part: SegmentPart }
/// Where a row of mutexes stands in a layout.
public struct MutexesPart: Sendable { let part: SegmentPart }
/// Where permits stand in a layout.
public struct PermitsPart: Sendable { let part: SegmentPart }
/// Where records stand in a layout.
public struct RecordsPart: Sendable {
    let part: SegmentPart
    let words: Int
}
