public import SharedMemory

/// Wakes the relays of a machine, or others who wait for it, when something was committed: by a word in the memory that all
/// processes share.
///
/// A process that is killed between commit and signal leaves an event unsaid: who waits looks again by itself after a while.
public struct EventSignal: Sendable {
    /// Where it stands in a segment.
    public struct Parts: Sendable {
        let words: WordsPart

        /// Adds it to a layout.
        public init(in layout: inout SegmentLayout, name: String = "event signal") throws(SharedMemoryError) {
            words = try layout.addWords(name, count: 1, isSpread: true)
        }
    }

    private let word: SharedWord

    /// Finds it in a segment.
    public init(_ segment: SharedSegment, _ parts: Parts) throws(SharedMemoryError) {
        word = try segment.words(parts.words)[0]
    }

    /// Changes with each signal; to be read before looking for events.
    public var count: UInt64 { word.load() }

    /// Says that there is an event; to be called after its commit.
    public func announce() {
        word.add(1)
        word.wakeAll()
    }

    /// Sleeps until the next signal after `count`, and so many nanoseconds at most.
    public func wait(since count: UInt64, nanoseconds: Int64) {
        word.wait(while: count, nanoseconds: nanoseconds)
    }
}
