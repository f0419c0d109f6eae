internal import Linux
internal import Synchronization

/// A worker's control thread while the worker retires: what is kept goes to the heir.
///
/// Without one, or where it has gone and no other is named, each kept connection is served until the web server lets go of
/// it, with a word behind the last answer (``FastCGI/Request/finish(isLast:beforeClosing:unread:)``).
final class WorkerRetirement {
    /// Between two requests for another heir, in nanoseconds.
    private static let patience: Int64 = 1_000_000_000

    private let state: WorkerState
    private var heir: Handover?
    /// What is to be sent.
    private var outgoing: [Int32] = []
    private var nextQuestion: Int64 = .min
    private var hasLostHeir = false

    init(_ state: WorkerState) {
        self.state = state
    }

    /// The number of the channel to the heir, to be watched.
    var channel: Int32? { heir?.number }

    /// True where nothing is on its way.
    var isDone: Bool {
        outgoing.isEmpty && heir?.unconfirmed.isEmpty ?? true && state.leaving.withLock { $0.isEmpty }
    }

    /// Another worker takes what is kept, from now on.
    ///
    /// Where there is an heir already, it stays the one.
    func leave(to channel: consuming FileDescriptor) throws(SystemError) {
        guard heir == nil else { return }
        heir = try Handover(channel)
        hasLostHeir = false
        state.hasHeir.store(true, ordering: .sequentiallyConsistent)
    }

    /// Hands over what can be, and reads what has been confirmed.
    ///
    /// - Returns: false where the heir has gone and the supervisor is to name another.
    func work(now: Int64) -> Bool {
        outgoing += state.leaving.withLock { leaving in
            defer { leaving = [] }
            return leaving
        }
        guard let heir else {
            keepOutgoing()
            return !isTimeToAsk(now)
        }
        for number in state.kept.numbers where state.kept.remove(number) {
            state.epoll.remove(number)
            outgoing.append(number)
        }
        do throws(Handover.Lost) {
            try heir.readConfirmations()
            heir.send(&outgoing)
            return true
        } catch {
            // What was not confirmed stays here.
            state.hasHeir.store(false, ordering: .sequentiallyConsistent)
            state.control.remove(heir.number)
            outgoing += heir.unconfirmed
            self.heir = nil
            hasLostHeir = true
            keepOutgoing()
            return !isTimeToAsk(now)
        }
    }

    private func isTimeToAsk(_ now: Int64) -> Bool {
        guard hasLostHeir, now >= nextQuestion else { return false }
        nextQuestion = now + Self.patience
        return true
    }

    private func keepOutgoing() {
        for number in outgoing { state.keep(FileDescriptor(owning: number), isWatched: false) }
        outgoing = []
    }
}
