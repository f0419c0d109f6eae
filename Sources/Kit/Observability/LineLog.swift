public import Linux
internal import Synchronization

/// A log of lines in one file, written in batches, off the way of the requests.
///
/// Each thread appends to a ``LineBuffer`` of its own; one thread writes them, a ``LogWriter``. Lines of one thread stay in
/// order, and a batch is one write to a file opened for appending, so that no line is torn. Where the file cannot be
/// written (a full disk), lines wait in memory, a bounded number of them: requests are worth more than their log.
public final class LineLog: Sendable {
    private struct Output: ~Copyable {
        var file: FileDescriptor
        /// Whole lines that were taken from the buffers, and how many of their bytes are in the file.
        var batch: [UInt8] = []
        var written = 0
        /// The file ends with a part of a line whose rest could not be written.
        var isTorn = false
    }

    private let output: Mutex<Output>
    private let next = Mutex<FileDescriptor?>(nil)
    private let buffers = Mutex<[LineBuffer]>([])
    private let wake: LogWake

    /// Takes a file that is open for appending.
    public init(file: consuming FileDescriptor) {
        output = Mutex(Output(file: file))
        wake = LogWake()
    }

    /// Makes a buffer for one thread; it lives as long as the log.
    public func makeBuffer() -> LineBuffer {
        let buffer = LineBuffer(wake: wake)
        buffers.withLock { $0.append(buffer) }
        return buffer
    }

    /// How many lines were given up because they could not be written.
    public var lostLines: Int { buffers.withLock { $0.reduce(0) { $0 + $1.lostLines } } }

    /// Writes what all buffers hold; blocks as long as the file does.
    ///
    /// What could not be written is tried again with the next call, after a line feed where a line was torn.
    ///
    /// - Throws: the reason, so that the caller can tell it once.
    public func flush() throws(SystemError) {
        try output.withLock { output throws(SystemError) in
            if let file = takeNext() {
                output.file = file
                output.isTorn = false
            }
            if output.batch.isEmpty {
                for buffer in buffers.withLock({ $0 }) { buffer.take(into: &output.batch) }
            }
            try Self.write(&output)
        }
    }

    /// From the next ``flush()`` on lines go to this file.
    public func continueIn(_ file: consuming FileDescriptor) {
        var file: FileDescriptor? = consume file
        next.withLock { $0 = file.take() }
    }

    /// Whether a file waits to be taken into use.
    var isWaitingForFlush: Bool { next.withLock { $0 != nil } }

    /// Waits until a buffer has filled up, somebody asks for a flush, or the time is over.
    func waitForWork(nanoseconds: Int64) { wake.wait(nanoseconds: nanoseconds) }

    /// Has the writing thread look at once.
    func askForFlush() { wake.ask() }

    private func takeNext() -> FileDescriptor? {
        next.withLock { $0.take() }
    }

    private static func write(_ output: inout Output) throws(SystemError) {
        do throws(SystemError) {
            if output.isTorn {
                try output.file.writeAll([UInt8(ascii: "\n")])
                output.isTorn = false
            }
            while output.written < output.batch.count {
                output.written += try output.file.write(output.batch, from: output.written)
            }
        } catch {
            // The line of which only a part is there is written once more.
            while output.written > 0, output.batch[output.written - 1] != UInt8(ascii: "\n") {
                output.isTorn = true
                output.written -= 1
            }
            throw error
        }
        output.batch.removeAll(keepingCapacity: output.batch.count < 256 << 10)
        output.written = 0
    }
}

/// Lines that wait to be written; appended to by one thread, taken by the one that writes.
public final class LineBuffer: Sendable {
    /// From so many bytes on the writing thread is woken before its time.
    private static let wakingSize = 64 << 10
    /// So many bytes are kept, and no more, while nothing can be written.
    static let largestSize = 512 << 10

    private struct State {
        var bytes: [UInt8] = []
        var lost = 0
    }

    private let state = Mutex(State())
    private let wake: LogWake

    fileprivate init(wake: LogWake) {
        self.wake = wake
    }

    /// Appends a line that ends in a line feed; one for which there is no room is counted and given up.
    public func append(_ line: [UInt8]) {
        let isLarge = state.withLock { state in
            guard state.bytes.count + line.count <= Self.largestSize else {
                state.lost += 1
                return false
            }
            let before = state.bytes.count
            state.bytes += line
            return before < Self.wakingSize && state.bytes.count >= Self.wakingSize
        }
        if isLarge { wake.ask() }
    }

    fileprivate var lostLines: Int { state.withLock { $0.lost } }

    fileprivate func take(into batch: inout [UInt8]) {
        let taken = state.withLock { state in
            let taken = state.bytes
            state.bytes = []
            return taken
        }
        batch += taken
    }
}

/// Wakes the thread that writes.
private final class LogWake: Sendable {
    private let semaphore = Semaphore(permits: 0)
    private let isAsked = Atomic(false)

    func ask() {
        // One permit is enough for all who ask before it is taken.
        if !isAsked.exchange(true, ordering: .sequentiallyConsistent) { semaphore.signal() }
    }

    func wait(nanoseconds: Int64) {
        if semaphore.wait(nanoseconds: nanoseconds) { isAsked.store(false, ordering: .sequentiallyConsistent) }
    }
}
