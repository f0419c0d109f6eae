internal import Linux
public import SharedMemory

/// What the threads of a pool do at this moment, and how often things have happened, in memory that all processes share.
///
/// Writing never waits; reading disturbs nobody. For any thread.
public struct PoolActivity: Sendable {
    /// Where it stands in a layout.
    public struct Parts: Sendable {
        // Of as many threads as a large machine's two generations have; those beyond are not shown.
        private static let mostThreads = 4096

        let threads: RecordsPart
        let tries: WordsPart
        let counters: CountersPart

        /// Adds the parts, some 576 KiB; throws `SharedMemoryError`.
        public init(in layout: inout SegmentLayout) throws(SharedMemoryError) {
            threads = try layout.addRecords(
                "handler threads",
                count: Self.mostThreads,
                words: ThreadActivity.Word.allCases.count
            )
            tries = try layout.addWords("request tries", count: RequestTries.sets * RequestTries.setSize)
            counters = try layout.addCounters("pool events", count: Counter.allCases.count)
        }
    }

    /// What is counted since the machine was started.
    public enum Counter: Int, Sendable, CaseIterable {
        /// Requests that were answered.
        case requests
        /// Workers that served and died.
        case deaths
        /// Generations that began to serve.
        case generations
        /// Reloads that came to nothing.
        case reloadFailures
    }

    private let threads: SharedRecords
    private let tries: RequestTries
    private let counters: SharedCounters

    /// Finds the parts in a segment of their layout.
    public init(_ segment: SharedSegment, _ parts: Parts) throws(SharedMemoryError) {
        threads = try segment.records(parts.threads)
        tries = RequestTries(marks: try segment.words(parts.tries), threads: threads)
        counters = try segment.counters(parts.counters)
    }

    /// Counts one more.
    public func count(_ counter: Counter) { counters.add(1, to: counter.rawValue) }

    /// How many there were.
    public func total(of counter: Counter) -> UInt64 { counters.total(of: counter.rawValue) }

    /// Takes a record for the calling thread, which keeps it until the object or the thread ends.
    ///
    /// - Throws: `SharedMemoryError.full` where all are taken.
    public func claim() throws(SharedMemoryError) -> ThreadActivity {
        ThreadActivity(writer: try threads.claim(), tries: tries, counters: counters)
    }

    /// The ids of the requests that a process was answering when it ended, unless a record has a new owner meanwhile.
    public func requests(leftBy process: Int32) -> [String] {
        (0..<threads.count).compactMap { index in
            threads.read(index).flatMap { words in
                words[ThreadActivity.Word.process.rawValue] == UInt64(process)
                    ? ThreadState(process: process, words: words)?.requestID : nil
            }
        }
    }

    /// A process that ended was killed by somebody, which counts half against the requests that it was answering.
    public func excuseRequests(leftBy process: Int32) { tries.excuse(process) }

    /// What each thread that lives does.
    public func states() throws(SharedMemoryError) -> [ThreadState] {
        var states: [ThreadState] = []
        for index in 0..<threads.count {
            // The words are read first: those of a thread that ends meanwhile are not taken for another's.
            guard let words = threads.read(index), let process = try threads.writer(of: index),
                let state = ThreadState(process: process, words: words)
            else { continue }
            states.append(state)
        }
        return states
    }
}

/// What a handler thread does at a moment.
public struct ThreadState: Sendable, Equatable {
    /// How far it is.
    public enum Phase: UInt64, Sendable {
        /// It waits for a request.
        case waiting = 1
        /// It answers one.
        case serving
    }

    /// The process it belongs to.
    public let process: Int32
    /// How far it is.
    public let phase: Phase
    /// How far the request is that it answers, by the product's number of its phases; 0 at first.
    public let stage: Int
    /// Since when, in nanoseconds of the monotonic clock.
    public let since: Int64
    /// The number of the route in the product's table; nil where none was found yet.
    public let route: Int?
    /// How long the request had waited before it was served, in microseconds; nil where the web server did not say.
    public let queuedMicroseconds: Int64?
    /// The id of the request in 32 hexadecimal digits, as web servers make it; nil where it has another form.
    public let requestID: String?

    init?(process: Int32, words: [UInt64]) {
        func word(_ name: ThreadActivity.Word) -> UInt64 { words[name.rawValue] }
        let id = ThreadActivity.id(in: words)
        guard let phase = Phase(rawValue: min(word(.phase), Phase.serving.rawValue)) else { return nil }
        self.process = process
        self.phase = phase
        stage = Int(clamping: word(.phase) - phase.rawValue)
        since = Int64(bitPattern: word(.since))
        queuedMicroseconds = word(.queued) == 0 ? nil : Int64(bitPattern: word(.queued)) - 1
        route = word(.route) == 0 ? nil : Int(truncatingIfNeeded: word(.route)) - 1
        requestID = id.map { id in
            [id.high, id.low].map { half in
                let digits = String(half, radix: 16)
                return String(repeating: "0", count: 16 - digits.utf8.count) + digits
            }.joined()
        }
    }
}

/// Where a handler thread says what it does; for that thread only.
public final class ThreadActivity {
    /// The word of the phase has the stage of the request added to it where it serves one.
    enum Word: Int, CaseIterable {
        case process, phase, since, route, idHigh, idLow, queued
    }

    /// How many workers have died under the request that the thread serves, as far as its id tells.
    ///
    /// One that was killed from outside counts half.
    public var crashes: Int { mark?.crashes ?? 0 }

    private let writer: RecordWriter
    private let tries: RequestTries
    private let counters: SharedCounters
    private var mark: RequestTries.Mark?

    init(writer: consuming RecordWriter, tries: RequestTries, counters: SharedCounters) {
        self.writer = writer
        self.tries = tries
        self.counters = counters
        waits()
    }

    /// A request has come, after it has waited so long; its id is shown where it has 32 hexadecimal digits.
    public func serves(requestID: Span<UInt8>?, queuedMicroseconds: Int64? = nil) {
        let id = Self.id(requestID)
        let now = SystemClock.monotonicNanoseconds()
        writer.write { words in
            words[Word.phase.rawValue] = ThreadState.Phase.serving.rawValue
            words[Word.since.rawValue] = UInt64(bitPattern: now)
            words[Word.route.rawValue] = 0
            words[Word.queued.rawValue] = queuedMicroseconds.map { UInt64(max(0, $0)) + 1 } ?? 0
            words[Word.idHigh.rawValue] = id?.high ?? 0
            words[Word.idLow.rawValue] = id?.low ?? 0
        }
        mark = id.map { tries.begin($0, thread: writer.index) }
    }

    /// The request is for the route of this number.
    public func found(route: Int) {
        writer.write { $0[Word.route.rawValue] = UInt64(max(0, route) + 1) }
    }

    /// The request has come to this stage, by the product's number; 0 is where it begins.
    ///
    /// One store: it may be told several times in each request.
    public func reached(stage: Int) {
        writer.write(ThreadState.Phase.serving.rawValue + UInt64(max(0, stage)), at: Word.phase.rawValue)
    }

    /// The response of the request is known, and is about to be sent.
    public func answered() {
        counters.add(1, to: PoolActivity.Counter.requests.rawValue)
    }

    /// The response has been sent.
    public func served() {
        if let mark { tries.end(mark) }
        mark = nil
        waits()
    }

    private func waits() {
        let now = SystemClock.monotonicNanoseconds()
        writer.write { words in
            words[Word.process.rawValue] = UInt64(ThisProcess.id)
            words[Word.phase.rawValue] = ThreadState.Phase.waiting.rawValue
            words[Word.since.rawValue] = UInt64(bitPattern: now)
            words[Word.route.rawValue] = 0
            words[Word.idHigh.rawValue] = 0
            words[Word.idLow.rawValue] = 0
        }
    }

    /// The id that the words of a record show.
    static func id(in words: [UInt64]) -> RequestTries.ID? {
        let id = RequestTries.ID(high: words[Word.idHigh.rawValue], low: words[Word.idLow.rawValue])
        return id == RequestTries.ID(high: 0, low: 0) ? nil : id
    }

    private static func id(_ text: Span<UInt8>?) -> RequestTries.ID? {
        guard let text, text.count == 32 else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for index in text.indices {
            let digit: UInt64
            switch text[index] {
            case 48...57: digit = UInt64(text[index]) - 48
            case 97...102: digit = UInt64(text[index]) - 87
            default: return nil
            }
            if index < 16 { high = high << 4 | digit } else { low = low << 4 | digit }
        }
        return RequestTries.ID(high: high, low: low)
    }
}
