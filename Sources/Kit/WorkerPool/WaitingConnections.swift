internal import Linux
internal import Synchronization

/// Connections on which a request has not wholly arrived: they cost a descriptor and no thread.
///
/// Those that were accepted and have sent nothing (`silent`) wait in the epoll set; a thread that gets one's event
/// claims it here first, because the control thread may be closing it. Those that have sent a part (`partial`) are
/// looked at by the control thread alone.
final class WaitingConnections: Sendable {
    private struct Lists {
        var silent: [Int32: Int64] = [:]
        var partial: [Int32: Int64] = [:]
    }

    private let patience: Int64
    private let lists = Mutex(Lists())

    init(patience: Int64) {
        self.patience = patience
    }

    /// True where none waits.
    var isEmpty: Bool { lists.withLock { $0.silent.isEmpty && $0.partial.isEmpty } }

    /// Notes a connection that was accepted and is silent; called before it can be reported by the epoll set.
    func addSilent(_ connection: Int32, now: Int64) {
        lists.withLock { $0.silent[connection] = now + patience }
    }

    /// Notes a connection that was slow and whose request is whole now; its patience does not end any more.
    func addWhole(_ connection: Int32) {
        lists.withLock { $0.silent[connection] = .max }
    }

    /// Takes a silent connection; false where somebody else has it.
    func claimSilent(_ connection: Int32) -> Bool {
        lists.withLock { $0.silent.removeValue(forKey: connection) != nil }
    }

    /// Gives a connection with a part of a request to the control thread.
    func addPartial(_ connection: Int32, now: Int64) {
        lists.withLock { $0.partial[connection] = now + patience }
    }

    /// The connections with a part of a request, which the caller may now take.
    var partial: [Int32] { lists.withLock { Array($0.partial.keys) } }

    /// Takes a connection with a part of a request.
    func removePartial(_ connection: Int32) {
        _ = lists.withLock { $0.partial.removeValue(forKey: connection) }
    }

    /// Takes those out whose time is over; the caller closes them.
    ///
    /// One whose request has arrived meanwhile stays: it waits for a free thread, and not for its peer. It is asked for
    /// under the lock, so that no thread can claim it between the question and the answer.
    func takeExpired(now: Int64, isWhole: (Int32) -> Bool) -> [Int32] {
        lists.withLock { lists in
            var expired: [Int32] = []
            for (connection, deadline) in lists.silent where deadline < now {
                if isWhole(connection) {
                    lists.silent[connection] = .max
                } else {
                    lists.silent[connection] = nil
                    expired.append(connection)
                }
            }
            for (connection, deadline) in lists.partial where deadline < now {
                lists.partial[connection] = nil
                expired.append(connection)
            }
            return expired
        }
    }
}
