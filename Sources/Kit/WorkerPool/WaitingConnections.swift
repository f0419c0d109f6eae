internal import Synchronization

/// Connections on which something has not wholly arrived: they cost a descriptor and no thread.
///
/// Those that were accepted and have sent nothing (`silent`) wait in the epoll set; a thread that gets one's event
/// claims it here first, because the control thread may be closing it. Those that have sent a part (`partial`), and those
/// that were answered before all of a body came (`answered`), are looked at by the control thread alone.
final class WaitingConnections: Sendable {
    private struct Lists {
        var silent: [WaitingConnection: Int64] = [:]
        var partial: [Int32: Int64] = [:]
        var answered: [Int32: Answered] = [:]
        var lastSerial: UInt32 = 0
    }

    private struct Answered {
        let deadline: Int64
        /// How many bytes more are thrown away.
        var left: Int
    }

    /// How much of a body is thrown away after its answer.
    static let discardLimit = 32 << 20

    private let patience: Int64
    private let lists = Mutex(Lists())

    init(patience: Int64) {
        self.patience = patience
    }

    /// True where none waits.
    var isEmpty: Bool { lists.withLock { $0.silent.isEmpty && $0.partial.isEmpty && $0.answered.isEmpty } }

    /// Notes a connection that was accepted and is silent; called before it can be reported by the epoll set.
    func addSilent(_ number: Int32, now: Int64) -> WaitingConnection {
        add(number, until: now + patience)
    }

    /// Notes a connection whose request is whole, and which waits for a thread alone: its patience does not end.
    func addWhole(_ number: Int32) -> WaitingConnection {
        add(number, until: .max)
    }

    private func add(_ number: Int32, until deadline: Int64) -> WaitingConnection {
        lists.withLock { lists in
            lists.lastSerial = (lists.lastSerial + 1) & WaitingConnection.largestSerial
            let connection = WaitingConnection(number: number, serial: lists.lastSerial)
            lists.silent[connection] = deadline
            return connection
        }
    }

    /// Takes a silent connection; false where somebody else has it.
    func claimSilent(_ connection: WaitingConnection) -> Bool {
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

    /// Gives a connection whose request was answered before all of it came to the control thread.
    func addAnswered(_ connection: Int32, now: Int64) {
        lists.withLock { $0.answered[connection] = Answered(deadline: now + patience, left: Self.discardLimit) }
    }

    /// The connections that were answered, which the caller may now take.
    var answered: [Int32] { lists.withLock { Array($0.answered.keys) } }

    /// Notes that so many bytes were thrown away; false where it was too much.
    func noteDiscarded(_ count: Int, from connection: Int32) -> Bool {
        lists.withLock { lists in
            guard let left = lists.answered[connection]?.left, left > count else { return false }
            lists.answered[connection]?.left = left - count
            return true
        }
    }

    /// Takes a connection that was answered.
    func removeAnswered(_ connection: Int32) {
        _ = lists.withLock { $0.answered.removeValue(forKey: connection) }
    }

    /// Takes those out whose time is over; the caller closes them.
    ///
    /// One whose request has arrived meanwhile stays: it waits for a free thread, and not for its peer. It is asked for
    /// under the lock, so that no thread can claim it between the question and the answer.
    func takeExpired(now: Int64, isWhole: (Int32) -> Bool) -> [Int32] {
        lists.withLock { lists in
            var expired: [Int32] = []
            for (connection, deadline) in lists.silent where deadline < now {
                if isWhole(connection.number) {
                    lists.silent[connection] = .max
                } else {
                    lists.silent[connection] = nil
                    expired.append(connection.number)
                }
            }
            for (connection, deadline) in lists.partial where deadline < now {
                lists.partial[connection] = nil
                expired.append(connection)
            }
            for (connection, answered) in lists.answered where answered.deadline < now {
                lists.answered[connection] = nil
                expired.append(connection)
            }
            return expired
        }
    }
}
