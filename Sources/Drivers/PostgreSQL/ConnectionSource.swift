internal import Linux
internal import Synchronization

/// Opens connections, and does not run against a server that is not there.
///
/// One for all threads of a process. While connections can be made it only makes them. After a failure nobody tries for a
/// moment, longer each time up to a second; then one thread tries, and what comes of it holds for all. Who asks meanwhile is
/// told at once what the last try came to, so that no thread waits for a server that does not answer. The pauses are spread
/// at random, so that processes do not come all at once (decorrelated jitter, Brooker,
/// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
public final class ConnectionSource: Sendable {
    private static let shortestPause: Int64 = 50_000_000
    private static let longestPause: Int64 = 1_000_000_000

    private struct State {
        /// Why the last try failed; nil where it did not.
        var failure: PostgreSQLError?
        var pause = ConnectionSource.shortestPause
        /// Before this nobody tries.
        var pauseEnds: Int64 = 0
        var isTrying = false
    }

    /// How connections are opened.
    public let options: ConnectionOptions

    private let state = Mutex(State())

    /// Opens nothing yet.
    public init(_ options: ConnectionOptions) {
        self.options = options
    }

    /// Opens a connection, or tells at once why there is none.
    ///
    /// - Throws: ``PostgreSQLError``, of the last try where none was made now.
    public func connect() throws(PostgreSQLError) -> Connection {
        try begin()
        do throws(PostgreSQLError) {
            let connection = try Connection(options)
            state.withLock { $0 = State() }
            return connection
        } catch {
            state.withLock { state in
                state.failure = error
                state.isTrying = false
                state.pause = min(Self.longestPause, .random(in: Self.shortestPause...state.pause * 3))
                state.pauseEnds = SystemClock.monotonicNanoseconds() + state.pause
            }
            throw error
        }
    }

    private func begin() throws(PostgreSQLError) {
        let refusal: PostgreSQLError? = state.withLock { state in
            guard let failure = state.failure else { return nil }
            guard !state.isTrying, SystemClock.monotonicNanoseconds() >= state.pauseEnds else { return failure }
            state.isTrying = true
            return nil
        }
        if let refusal { throw refusal }
    }
}
