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
        let counters: CountersPart

        /// Adds the parts, some 512 KiB; throws `SharedMemoryError`.
        public init(in layout: inout SegmentLayout) throws(SharedMemoryError) {
            threads = try layout.addRecords(
                "handler threads",
                count: Self.mostThreads,
                words: ThreadActivity.Word.allCases.count
            )
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
    private let counters: SharedCounters

    /// Finds the parts in a segment of their layout.
    public init(_ segment: SharedSegment, _ parts: Parts) throws(SharedMemoryError) {
        threads = try segment.records(parts.threads)
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
        ThreadActivity(writer: try threads.claim(), counters: counters)
    }

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
        guard let phase = Phase(rawValue: word(.phase)) else { return nil }
        self.process = process
        self.phase = phase
        since = Int64(bitPattern: word(.since))
        queuedMicroseconds = word(.queued) == 0 ? nil : Int64(bitPattern: word(.queued)) - 1
        route = word(.route) == 0 ? nil : Int(truncatingIfNeeded: word(.route)) - 1
        let id = [word(.idHigh), word(.idLow)]
        requestID =
            id == [0, 0]
            ? nil
            : id.map { half in
                let digits = String(half, radix: 16)
                return String(repeating: "0", count: 16 - digits.utf8.count) + digits
            }.joined()
    }
}

/// Where a handler thread says what it does; for that thread only.
public final class ThreadActivity {
    enum Word: Int, CaseIterable {
        case phase, since, route, idHigh, idLow, queued
    }

    private let writer: RecordWriter
    private let counters: SharedCounters

    init(writer: consuming RecordWriter, counters: SharedCounters) {
        self.writer = writer
        self.counters = counters
        waits()
    }

    /// A request has come, after it has waited so long; its id is shown where it has 32 hexadecimal digits.
    public func serves(requestID: Span<UInt8>?, queuedMicroseconds: Int64? = nil) {
        let id = Self.halves(of: requestID)
        let now = SystemClock.monotonicNanoseconds()
        writer.write { words in
            words[Word.phase.rawValue] = ThreadState.Phase.serving.rawValue
            words[Word.since.rawValue] = UInt64(bitPattern: now)
            words[Word.route.rawValue] = 0
            words[Word.queued.rawValue] = queuedMicroseconds.map { UInt64(max(0, $0)) + 1 } ?? 0
            words[Word.idHigh.rawValue] = id.high
            words[Word.idLow.rawValue] = id.low
        }
    }

    /// The request is for the route of this number.
    public func found(route: Int) {
        writer.write { $0[Word.route.rawValue] = UInt64(max(0, route) + 1) }
    }

    /// The request has been answered.
    public func served() {
        counters.add(1, to: PoolActivity.Counter.requests.rawValue)
        waits()
    }

    private func waits() {
        let now = SystemClock.monotonicNanoseconds()
        writer.write { words in
            words[Word.phase.rawValue] = ThreadState.Phase.waiting.rawValue
            words[Word.since.rawValue] = UInt64(bitPattern: now)
            words[Word.route.rawValue] = 0
            words[Word.idHigh.rawValue] = 0
            words[Word.idLow.rawValue] = 0
        }
    }

    private static func halves(of id: Span<UInt8>?) -> (high: UInt64, low: UInt64) {
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        guard let id, id.count == 32 else { return (0, 0) }
        for index in id.indices {
            let digit: UInt64
            switch id[index] {
            case 48...57: digit = UInt64(id[index]) - 48
            case 97...102: digit = UInt64(id[index]) - 87
            default: return (0, 0)
            }
            if index < 16 { halves.high = halves.high << 4 | digit } else { halves.low = halves.low << 4 | digit }
        }
        return halves
    }
}
