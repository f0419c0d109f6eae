internal import Linux
internal import SharedMemory

/// Which requests are being answered, by their ids, so that a try finds those that came before it and never ended.
///
/// The web server gives a request the same id on each of its tries. A try writes a mark with a part of its id, its process
/// and the number of its thread's record, and takes it away at its end; a mark whose thread does not live, or shows another
/// request, was left by a try under which its worker died. Nothing has to notice the death: the kernel gives a dead thread's
/// record back before it closes the connection, which is how the web server learns of it.
///
/// A set of eight marks, one cache line, has the ids with one remainder. Where all eight are taken one is overwritten, and
/// what it told is lost: with 1,024 sets that takes hundreds of threads, or thousands of crashes.
struct RequestTries: Sendable {
    static let sets = 1024
    static let setSize = 8
    // A mark has a part of the id, whether the try's worker was killed from outside, the process (at most 2^22 by
    // proc_sys_kernel(5), pid_max) and the number of the thread's record.
    private static let idBits: UInt64 = ~0 << 38
    private static let killedBit: UInt64 = 1 << 37
    private static let processBits: UInt64 = (1 << 22 - 1) << processShift
    private static let processShift: UInt64 = 15
    private static let threadBits: UInt64 = 1 << 15 - 1

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
        /// How many tries before this one have died; those whose worker was killed from outside count half.
        let crashes: Int
        fileprivate let isFirst: Bool
    }

    /// Begins a try in the thread with this record, which shows the request already.
    func begin(_ id: ID, thread: Int) -> Mark {
        let first = Int(id.low % UInt64(Self.sets)) * Self.setSize
        let word = Self.part(of: id) | Self.process(ThisProcess.id) | UInt64(thread)
        var (crashes, kills) = (0, 0)
        var own = -1
        var place = first
        while place < first + Self.setSize {
            // The set is one cache line, and is empty but for what runs at this moment.
            let found = marks.load(place)
            if found == 0 {
                if own < 0, marks[place].compareExchange(expected: 0, desired: word) == 0 { own = place }
            } else if (found ^ word) & Self.idBits == 0, isLeft(found, at: place, seenFrom: thread) {
                if found & Self.killedBit == 0 { crashes += 1 } else { kills += 1 }
            }
            place += 1
        }
        if own < 0 {
            own = first + thread % Self.setSize
            marks[own].store(word)
        }
        return Mark(place: own, word: word, crashes: crashes + kills / 2, isFirst: crashes + kills == 0)
    }

    /// The tries that died with a process did so because somebody killed it.
    func excuse(_ process: Int32) {
        for place in 0..<Self.sets * Self.setSize {
            let word = marks.load(place)
            guard word & Self.processBits == Self.process(process) else { continue }
            _ = marks[place].compareExchange(expected: word, desired: word | Self.killedBit)
        }
    }

    /// Ends a try: it was answered, or refused, and what earlier ones have left behind tells nothing any more.
    func end(_ mark: Mark) {
        // It may be another's meanwhile.
        _ = marks[mark.place].compareExchange(expected: mark.word, desired: 0)
        guard !mark.isFirst else { return }
        for place in places(of: mark.place / Self.setSize) {
            let word = marks.load(place)
            guard word & Self.idBits == mark.word & Self.idBits else { continue }
            _ = marks[place].compareExchange(expected: word, desired: 0)
        }
    }

    // Of ids that are counted up every digit changes these bits (Fibonacci hashing, TAOCP 6.4).
    private static func part(of id: ID) -> UInt64 { (id.high ^ id.low) &* 0x9E37_79B9_7F4A_7C15 & idBits }

    private static func process(_ id: Int32) -> UInt64 { UInt64(UInt32(bitPattern: id)) << processShift & processBits }

    private func places(of set: Int) -> Range<Int> { set * Self.setSize..<(set + 1) * Self.setSize }

    /// Whether a mark of a request is one of a thread that does not serve it.
    private func isLeft(_ word: UInt64, at place: Int, seenFrom own: Int) -> Bool {
        let thread = Int(word & Self.threadBits)
        guard thread < threads.count else { return false }
        // Of one that had this thread's record before.
        if thread == own { return true }
        if let writer = try? threads.writer(of: thread), writer != 0 {
            // Where the words are being written somebody lives who writes them.
            guard let words = threads.read(thread) else { return false }
            // Of another id that has the same part nothing can be told, and it lives.
            if let shown = ThreadActivity.id(in: words), Self.part(of: shown) == word & Self.idBits { return false }
        }
        // One that has just ended took its mark away before it showed that.
        return marks.load(place) == word
    }
}
