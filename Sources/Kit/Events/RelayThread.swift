public import Linux
internal import Synchronization

/// A thread that does the rounds of one relay, until it is told to end or the consumer has gone.
///
/// At rest it sleeps until the signal, and looks once a second by itself. Under load it does no more than fifty rounds a
/// second, each of which takes along what has come meanwhile.
public final class RelayThread: Sendable {
    private static let longestSleep: Int64 = 1_000_000_000
    private static let leastInterval: Int64 = 20_000_000

    private let signal: EventSignal
    private let state = Mutex(State.running)
    /// Has a permit once it is told to end.
    private let stopping = Semaphore(permits: 0)
    private let ended = Semaphore(permits: 0)

    private enum State {
        case running, stopping, ended
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: for people who look at threads; 15 bytes are shown.
    ///   - signal: what wakes it.
    ///   - report: is told of the first of several failures in a row.
    ///   - makeRound: makes what does a round, on the thread, which alone uses it; made anew after it has failed.
    /// - Throws: where the system has no room for one more thread.
    public init(
        name: String,
        signal: EventSignal,
        report: @escaping @Sendable (any Error) -> Void,
        _ makeRound: @escaping @Sendable () throws -> (_ isStopping: @escaping () -> Bool) throws -> RelayProgress
    ) throws(SystemError) {
        self.signal = signal
        let body = Body(signal: signal, report: report, makeRound: makeRound)
        _ = try Thread(name: name) { [self] in
            body.run(self)
            state.withLock { $0 = .ended }
            ended.signal()
        }
    }

    /// Whether the thread has come to its end.
    public var hasEnded: Bool { state.withLock { $0 == .ended } }

    /// Tells the thread to end; the delivery that it is at is asked to end as well.
    public func stop() {
        state.withLock { if $0 == .running { $0 = .stopping } }
        stopping.signal()
        signal.announce()
    }

    /// Waits for the end, so long at most; false where it has not come.
    public func waitForEnd(nanoseconds: Int64) -> Bool {
        guard !hasEnded else { return true }
        return ended.wait(nanoseconds: nanoseconds)
    }

    private var isStopping: Bool { state.withLock { $0 != .running } }

    private struct Body: Sendable {
        let signal: EventSignal
        let report: @Sendable (any Error) -> Void
        let makeRound: @Sendable () throws -> (_ isStopping: @escaping () -> Bool) throws -> RelayProgress

        func run(_ thread: RelayThread) {
            var round: ((_ isStopping: @escaping () -> Bool) throws -> RelayProgress)?
            var isFailing = false
            while !thread.isStopping {
                let seen = signal.count
                let start = SystemClock.monotonicNanoseconds()
                do {
                    let present = try round ?? makeRound()
                    round = present
                    let progress = try present { thread.isStopping }
                    isFailing = false
                    guard let sleep = Self.sleep(progress) else { return }
                    guard sleep > 0 else { continue }
                    signal.wait(since: seen, nanoseconds: sleep)
                    let rest = start + leastInterval - SystemClock.monotonicNanoseconds()
                    if rest > 0 { _ = thread.stopping.wait(nanoseconds: rest) }
                } catch {
                    round = nil
                    if !isFailing { report(error) }
                    isFailing = true
                    _ = thread.stopping.wait(nanoseconds: longestSleep)
                }
            }
        }

        /// Nanoseconds until the next round; nil where there is none.
        private static func sleep(_ progress: RelayProgress) -> Int64? {
            switch progress {
            case .gone: nil
            case .more: 0
            case .superseded, .idle(nil): longestSleep
            case .idle(let instant?):
                min(longestSleep, max(1, instant - SystemClock.realtimeMicroseconds()) * 1000)
            }
        }
    }
}
