internal import SharedMemory

/// Which requests are being answered, by their ids, so that a try finds those that came before it and never ended.
///
/// The web server gives a request the same id on each of its tries. A try writes a mark with its id and the number of its
/// thread's record, and takes it away at its end; a mark whose thread does not live, or shows another request, was left by
/// a try under which its worker died. Nothing has to notice the death: the kernel gives a dead thread's record back before
/// it closes the connection, which is how the web server learns of it.
///
/// A set of eight marks, one cache line, has the ids with one remainder. Where all eight are taken one is overwritten, and
/// what it told is lost: with 1,024 sets that takes hundreds of threads, or thousands of crashes.
struct RequestTries: Sendable {
    static let sets = 1024
    static let setSize = 8
    // The lower bits of a mark are the number of the thread's record, and the rest is a part of the id.
    private static let threadBits: UInt64 = 0xFFFF

    /// The id of a request, 128 bits.
    struct ID: Equatable {
        let high: UInt64
        let low: UInt64
    }

    let marks: SharedWords
    let threads: SharedRecords

    /// A mark that was written, and its place.
    struct Mark {
        fileprivate let place: Int
        fileprivate let word: UInt64
        /// How many tries before this one have died.
        let crashes: Int
    }

    /// Begins a try in the thread with this record, which shows the request already.
    func begin(_ id: ID, thread: Int) -> Mark {
        let first = Int(id.low % UInt64(Self.sets)) * Self.setSize
        let word = id.high & ~Self.threadBits | UInt64(thread)
        var crashes = 0
        var own = -1
        var place = first
        while place < first + Self.setSize {
            // The set is one cache line, and is empty but for what runs at this moment.
            let found = marks.load(place)
            if found == 0 {
                if own < 0, marks[place].compareExchange(expected: 0, desired: word) == 0 { own = place }
            } else if (found ^ word) & ~Self.threadBits == 0, isLeft(at: place, by: id, seenFrom: thread) {
                crashes += 1
            }
            place += 1
        }
        if own < 0 {
            own = first + thread % Self.setSize
            marks[own].store(word)
        }
        return Mark(place: own, word: word, crashes: crashes)
    }

    /// Ends a try: it was answered, or refused, and what earlier ones have left behind tells nothing any more.
    func end(_ mark: Mark) {
        // It may be another's meanwhile.
        _ = marks[mark.place].compareExchange(expected: mark.word, desired: 0)
        guard mark.crashes > 0 else { return }
        for place in places(of: mark.place / Self.setSize) {
            let word = marks.load(place)
            guard word & ~Self.threadBits == mark.word & ~Self.threadBits else { continue }
            _ = marks[place].compareExchange(expected: word, desired: 0)
        }
    }

    private func places(of set: Int) -> Range<Int> { set * Self.setSize..<(set + 1) * Self.setSize }

    /// Whether a mark is of this request, and of a thread that does not serve it.
    private func isLeft(at place: Int, by id: ID, seenFrom own: Int) -> Bool {
        let word = marks.load(place)
        guard word != 0, word & ~Self.threadBits == id.high & ~Self.threadBits else { return false }
        let thread = Int(word & Self.threadBits)
        guard thread < threads.count else { return false }
        // Of one that had this thread's record before.
        if thread == own { return true }
        if let writer = try? threads.writer(of: thread), writer != 0 {
            // Where the words are being written somebody lives who writes them.
            guard let words = threads.read(thread) else { return false }
            if ThreadActivity.id(in: words) == id { return false }
        }
        // One that has just ended took its mark away before it showed that.
        return marks.load(place) == word
    }
}
