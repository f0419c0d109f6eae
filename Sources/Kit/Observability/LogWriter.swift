public import Linux
internal import Synchronization

/// The thread that writes a ``LineLog``: five times a second, and when a buffer has filled up.
///
/// So a process that ends in order loses no line, and one that is killed loses those of the last fifth of a second. A disk
/// that does not answer holds up this thread and nobody else. For any thread.
public final class LogWriter: Sendable {
    /// What becomes of the log.
    public enum News: Sendable {
        /// It cannot be written; lines wait, and when there are too many they are given up.
        case failing(SystemError)
        /// It can be written again; so many lines were given up.
        case recovered(lostLines: Int)
    }

    private static let interval: Int64 = 200_000_000

    private let log: LineLog
    private let path: String
    private let permissions: UInt32
    private let report: @Sendable (News) -> Void
    private let isEnding = Atomic(false)
    private let hasEnded = Semaphore(permits: 0)
    private let rounds = Semaphore(permits: 0)
    private let isWatched = Atomic(false)

    /// Opens the log at `path`, made with `permissions` where it is missing, and starts the thread.
    ///
    /// `report` is told of failures, on that thread.
    ///
    /// - Throws: where the file cannot be opened.
    public init(
        path: String,
        permissions: UInt32,
        report: @escaping @Sendable (News) -> Void
    ) throws(SystemError) {
        log = LineLog(file: try Files.open(path, .append(permissions: permissions)))
        self.path = path
        self.permissions = permissions
        self.report = report
        _ = try Thread(name: "log-writer") { [self] in run() }
    }

    /// Makes a buffer for one thread; it lives as long as the log.
    public func makeBuffer() -> LineBuffer { log.makeBuffer() }

    /// How many lines were given up because they could not be written.
    public var lostLines: Int { log.lostLines }

    /// Opens the file anew by its name; when this returns, nothing more is written to the one before.
    ///
    /// For who has moved the file away. Blocks until the thread has come round, a second at most.
    ///
    /// - Throws: where it cannot be opened, and the log goes on in the file before; where the disk does not answer.
    public func reopen() throws(SystemError) {
        log.continueIn(try Files.open(path, .append(permissions: permissions)))
        isWatched.store(true, ordering: .sequentiallyConsistent)
        defer { isWatched.store(false, ordering: .sequentiallyConsistent) }
        let deadline = SystemClock.monotonicNanoseconds() + 1_000_000_000
        while log.isWaitingForFlush {
            log.askForFlush()
            let left = deadline - SystemClock.monotonicNanoseconds()
            guard left > 0 else { throw SystemError.timedOut("write \(path)") }
            _ = rounds.wait(nanoseconds: min(left, 20_000_000))
        }
    }

    /// Writes what is there and ends the thread; blocks a second at most.
    public func finish() {
        isEnding.store(true, ordering: .sequentiallyConsistent)
        log.askForFlush()
        _ = hasEnded.wait(nanoseconds: 1_000_000_000)
    }

    private func run() {
        var lostBefore: Int?
        while true {
            // Asked before the last flush, so that this one has all lines.
            let isLast = isEnding.load(ordering: .sequentiallyConsistent)
            do throws(SystemError) {
                try log.flush()
                if let before = lostBefore { report(.recovered(lostLines: log.lostLines - before)) }
                lostBefore = nil
            } catch {
                // Told once, not five times a second.
                if lostBefore == nil {
                    lostBefore = log.lostLines
                    report(.failing(error))
                }
            }
            if isWatched.load(ordering: .sequentiallyConsistent) { rounds.signal() }
            if isLast { break }
            log.waitForWork(nanoseconds: Self.interval)
        }
        hasEnded.signal()
    }
}
