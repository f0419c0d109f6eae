internal import SharedMemory

/// Which counters of the shared memory belong to which series, found by name.
///
/// A series is a metric with certain values of its labels, such as the requests of one route with one status. It keeps its
/// counters as long as the memory lives, so that workers that come later count on where others have ended, also those of
/// another release with other routes: what is no longer known stays where it is and is read by nobody.
///
/// ## Entry, two words
///
///     0  hash of the series; 0: free. Set by compare and exchange, and never changed then.
///     1  its first counter, plus one; 0: nobody has allotted it yet. Set in the same way.
///
/// Who was killed between the two leaves an entry that the next one completes; who was killed before the second has
/// allotted counters that nobody uses. Both are rare and cost a few bytes.
struct MetricDirectory: Sendable {
    static let entries = 4096
    /// How many counters all series together may have.
    static let space = 8192

    /// Where it stands in a layout.
    struct Parts: Sendable {
        let entries: WordsPart
        let next: WordsPart

        init(in layout: inout SegmentLayout) throws(SharedMemoryError) {
            entries = try layout.addWords("metric series", count: MetricDirectory.entries * 2)
            next = try layout.addWords("metric space", count: 1)
        }
    }

    private let words: SharedWords
    private let next: SharedWord

    init(_ segment: SharedSegment, _ parts: Parts) throws(SharedMemoryError) {
        words = try segment.words(parts.entries)
        next = try segment.words(parts.next)[0]
    }

    /// The first of `count` counters of a series, allotted where it has none; nil where no room is left.
    func firstCounter(of series: String, count: Int) -> Int? {
        // Of another shape it is another series.
        let hash = Self.hash("\(count) \(series)")
        for step in 0..<Self.entries {
            let entry = Int(truncatingIfNeeded: hash &+ UInt64(step)) & (Self.entries - 1)
            let found = words[entry * 2].compareExchange(expected: 0, desired: hash)
            guard found == 0 || found == hash else { continue }
            let place = words[entry * 2 + 1]
            let known = place.load()
            if known != 0 { return Int(truncatingIfNeeded: known) - 1 }
            guard let first = allot(count) else { return nil }
            let other = place.compareExchange(expected: 0, desired: UInt64(first + 1))
            return other == 0 ? first : Int(truncatingIfNeeded: other) - 1
        }
        return nil
    }

    /// How many counters are allotted.
    var used: Int { Int(clamping: next.load()) }

    /// Gives nothing away where it is not enough: smaller series may still fit.
    private func allot(_ count: Int) -> Int? {
        while true {
            let taken = next.load()
            guard taken <= UInt64(Self.space - count) else { return nil }
            let desired = taken + UInt64(count)
            if next.compareExchange(expected: taken, desired: desired) == taken { return Int(taken) }
        }
    }

    /// FNV-1a of 64 bits, and never 0.
    private static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return max(1, hash)
    }
}
