internal import Linux
public import SharedMemory

/// What supervisor and workers say of themselves, in memory that all processes share: for whoever shows the pool.
///
/// Each has a record that it alone writes and that the kernel takes back when it dies. Writing never waits, reading
/// disturbs nobody. For any thread.
public struct PoolBoard: Sendable {
    /// Where it stands in a layout.
    public struct Parts: Sendable {
        // Two generations of the most workers that a pool may have.
        private static let mostWorkers = 2048
        // One, and those that take the place of each other.
        private static let mostSupervisors = 8

        let supervisors: RecordsPart
        let workers: RecordsPart

        /// Adds the parts, some 600 KiB; throws `SharedMemoryError`.
        public init(in layout: inout SegmentLayout) throws(SharedMemoryError) {
            supervisors = try layout.addRecords(
                "supervisors",
                count: Self.mostSupervisors,
                words: SupervisorEntry.wordCount
            )
            workers = try layout.addRecords("workers", count: Self.mostWorkers, words: WorkerEntry.wordCount)
        }
    }

    private let supervisors: SharedRecords
    private let workers: SharedRecords

    /// Finds the parts in a segment of their layout.
    public init(_ segment: SharedSegment, _ parts: Parts) throws(SharedMemoryError) {
        supervisors = try segment.records(parts.supervisors)
        workers = try segment.records(parts.workers)
    }

    /// Takes a record for the calling thread of a worker; throws `SharedMemoryError.full` where all are taken.
    func claimWorker() throws(SharedMemoryError) -> BoardWriter<WorkerEntry> { BoardWriter(try workers.claim()) }

    /// Takes a record for the calling thread of a supervisor.
    func claimSupervisor() throws(SharedMemoryError) -> BoardWriter<SupervisorEntry> {
        BoardWriter(try supervisors.claim())
    }

    /// What the supervisor that lives says; nil where none does.
    public func supervisor() throws(SharedMemoryError) -> (process: Int32, entry: SupervisorEntry)? {
        try Self.entries(in: supervisors).max { $0.entry.startedAt < $1.entry.startedAt }
    }

    /// What the workers that live say, by generation and place.
    public func allWorkers() throws(SharedMemoryError) -> [(process: Int32, entry: WorkerEntry)] {
        try Self.entries(in: workers).sorted {
            ($0.entry.generation, $0.entry.slot) < ($1.entry.generation, $1.entry.slot)
        }
    }

    private static func entries<Entry: BoardEntry>(
        in records: SharedRecords
    ) throws(SharedMemoryError) -> [(process: Int32, entry: Entry)] {
        var entries: [(process: Int32, entry: Entry)] = []
        for index in 0..<records.count {
            // The words are read first: those of one that ends meanwhile are not taken for another's.
            guard let words = records.read(index), words[0] != 0, let process = try records.writer(of: index) else {
                continue
            }
            entries.append((process, Entry(words: words)))
        }
        return entries
    }
}

/// What stands in a record; the first word is never 0.
protocol BoardEntry {
    static var wordCount: Int { get }
    init(words: [UInt64])
    var words: [UInt64] { get }
}

/// Where one thread writes its entry.
final class BoardWriter<Entry: BoardEntry> {
    private let writer: RecordWriter

    init(_ writer: consuming RecordWriter) {
        self.writer = writer
        // What one before has left is not this one's.
        self.writer.write { for index in 0..<Entry.wordCount { $0[index] = 0 } }
    }

    func write(_ entry: Entry) {
        let words = entry.words
        writer.write { for index in 0..<Entry.wordCount { $0[index] = words[index] } }
    }
}

/// What a worker says of itself.
public struct WorkerEntry: Sendable, Equatable {
    /// When its process began to serve, in nanoseconds of the monotonic clock.
    public let startedAt: Int64
    /// Its generation.
    public let generation: Int
    /// Its place in the generation.
    public let slot: Int
    /// Whether it ends.
    public var isDraining = false
    /// Connections that are kept for their next request.
    public var kept = 0
    /// Handler threads.
    public let threads: Int
    /// Those of them that have a request in hand.
    public var busy = 0
    /// What waits at the socket, as this worker saw it last; nil where the kernel does not tell.
    public var queue: ListenQueueLength?
    /// What is not as it should be, in the product's words; empty where nothing is.
    public var condition = ""

    /// The depth of the socket's queue, and what it may be.
    public struct ListenQueueLength: Sendable, Equatable {
        /// How many connections wait to be accepted.
        public let depth: Int
        /// How many may.
        public let limit: Int
    }
}

extension WorkerEntry: BoardEntry {
    private static let textWords = 16
    static let wordCount = 9 + textWords

    init(words: [UInt64]) {
        startedAt = Int64(bitPattern: words[0])
        generation = Int(truncatingIfNeeded: words[1])
        slot = Int(truncatingIfNeeded: words[2])
        isDraining = words[3] != 0
        kept = Int(truncatingIfNeeded: words[4])
        threads = Int(truncatingIfNeeded: words[5])
        busy = Int(truncatingIfNeeded: words[6])
        queue =
            words[8] == 0
            ? nil
            : ListenQueueLength(depth: Int(truncatingIfNeeded: words[7]), limit: Int(truncatingIfNeeded: words[8]))
        condition = WordText.text(of: words[9...])
    }

    var words: [UInt64] {
        [
            UInt64(bitPattern: max(1, startedAt)), UInt64(generation), UInt64(slot), isDraining ? 1 : 0,
            UInt64(max(0, kept)), UInt64(threads), UInt64(busy), UInt64(queue?.depth ?? 0), UInt64(queue?.limit ?? 0),
        ] + WordText.words(of: condition, count: Self.textWords)
    }
}

/// What a supervisor says of itself and of what it did last.
public struct SupervisorEntry: Sendable, Equatable {
    /// When it began, in nanoseconds of the monotonic clock.
    public let startedAt: Int64
    /// The generation that serves; 0 before the first.
    public var generation = 0
    /// How many workers that generation is to have.
    public var workers = 0
    /// Whether a generation is on its way.
    public var isReloading = false
    /// Whether the pool ends.
    public var isStopping = false
    /// How the last reload came out; nil before the first.
    public var lastReload: Reload?
    /// What is unusual about the configuration.
    public var notices = ""

    /// A reload that has come to its end.
    public struct Reload: Sendable, Equatable {
        /// When, in microseconds since 1970 UTC.
        public let at: Int64
        /// Why it came to nothing; nil where a new generation serves.
        public let failure: String?
    }
}

extension SupervisorEntry: BoardEntry {
    private static let textWords = 30
    static let wordCount = 6 + 2 * textWords

    init(words: [UInt64]) {
        startedAt = Int64(bitPattern: words[0])
        generation = Int(truncatingIfNeeded: words[1])
        workers = Int(truncatingIfNeeded: words[2])
        isReloading = words[3] & 1 != 0
        isStopping = words[3] & 2 != 0
        let failure = WordText.text(of: words[6..<(6 + Self.textWords)])
        lastReload =
            words[4] == 0
            ? nil : Reload(at: Int64(bitPattern: words[5]), failure: words[4] == 1 ? nil : failure)
        notices = WordText.text(of: words[(6 + Self.textWords)...])
    }

    var words: [UInt64] {
        let outcome: UInt64 = lastReload.map { $0.failure == nil ? 1 : 2 } ?? 0
        return [
            UInt64(bitPattern: max(1, startedAt)), UInt64(generation), UInt64(workers),
            (isReloading ? 1 : 0) | (isStopping ? 2 : 0), outcome, UInt64(bitPattern: lastReload?.at ?? 0),
        ] + WordText.words(of: lastReload?.failure ?? "", count: Self.textWords)
            + WordText.words(of: notices, count: Self.textWords)
    }
}

/// Short texts in words: eight bytes each, the first one lowest; what is too long is cut.
enum WordText {
    static func words(of text: String, count: Int) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: count)
        for (index, byte) in text.utf8.prefix(count * 8).enumerated() {
            words[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8)
        }
        return words
    }

    static func text(of words: ArraySlice<UInt64>) -> String {
        var bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) } }
        while bytes.last == 0 { bytes.removeLast() }
        // A character that was cut through is left out.
        while let last = bytes.last, String(validating: bytes, as: UTF8.self) == nil, last >= 0x80 {
            bytes.removeLast()
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
