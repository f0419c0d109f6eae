public import Linux
internal import Synchronization

/// Facts that a thread of its own finds out again and again, so that whoever asks for them waits for nothing.
///
/// Finding out may block for as long as it likes: the facts grow old meanwhile, and ``age`` tells. The thread ends with this
/// object, after the check that runs. For any thread.
public final class BackgroundCheck<Facts: Sendable>: Sendable {
    private let shared: Shared

    private final class Shared: Sendable {
        struct State {
            var facts: Facts?
            var foundAt: Int64 = 0
            var isOver = false
        }

        let state = Mutex(State())
        /// Signalled at the end, and when the first facts are there.
        let wake = Semaphore(permits: 0)
        let first = Semaphore(permits: 0)
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: of the thread, for people who look.
    ///   - interval: from the end of one check to the beginning of the next, in nanoseconds.
    ///   - makeCheck: makes what finds the facts out; called on the thread, which alone uses it.
    /// - Throws: where the system has no room for one more thread.
    public init(
        _ name: String,
        every interval: Int64,
        _ makeCheck: @escaping @Sendable () -> () -> Facts
    ) throws(SystemError) {
        let shared = Shared()
        self.shared = shared
        _ = try Thread(name: name) {
            let check = makeCheck()
            while true {
                let facts = check()
                let isFirst = shared.state.withLock { state in
                    defer { (state.facts, state.foundAt) = (facts, SystemClock.monotonicNanoseconds()) }
                    return state.facts == nil
                }
                if isFirst { shared.first.signal() }
                _ = shared.wake.wait(nanoseconds: interval)
                if shared.state.withLock({ $0.isOver }) { return }
            }
        }
    }

    deinit {
        shared.state.withLock { $0.isOver = true }
        shared.wake.signal()
    }

    /// Waits for the first facts, so long at most; once only.
    public func waitForFirst(nanoseconds: Int64) { _ = shared.first.wait(nanoseconds: nanoseconds) }

    /// What was found last, and how long ago in nanoseconds; nil before the first time.
    public var latest: (facts: Facts, age: Int64)? {
        shared.state.withLock { state in
            state.facts.map { ($0, SystemClock.monotonicNanoseconds() - state.foundAt) }
        }
    }
}
