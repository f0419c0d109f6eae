package import Database
internal import Synchronization

/// What one of the hosts that share a database on PostgreSQL does for all of them, and which one that is.
///
/// The host keeps it by extending it in time, by the server's clock; where it does not, because it was killed, halted or cut
/// off, another one takes it when its time is over. A host believes that it has it for a second less than the server does:
/// two never do at once, as long as their clocks go alike for some seconds. For the thread of its session.
package final class HostLease {
    /// For so long it is taken.
    package static let duration = Duration.seconds(6)
    /// So much earlier its holder takes it for ended.
    private static let margin = Duration.seconds(1)
    /// It is extended when so much is left: after two seconds.
    private static let renewal = Duration.seconds(3)

    private static let name = "maintenance"

    private let session: DatabaseSession
    private let term: LeaseTerm
    private let holder: Int64
    private let now: () -> Int64
    private var expiry: Int64?

    /// Has nothing yet.
    ///
    /// - Parameters:
    ///   - session: that of this thread.
    ///   - holder: the number of the host, which a process that takes another's place on it has too.
    ///   - term: tells all threads of the process until when it has the lease.
    ///   - now: nanoseconds of a clock that goes on while the machine sleeps.
    package init(_ session: DatabaseSession, holder: UInt64, term: LeaseTerm, now: @escaping () -> Int64) {
        self.session = session
        self.term = term
        self.holder = Int64(bitPattern: holder)
        self.now = now
    }

    /// Takes it where nobody has it, and extends it where this host does and its time is about to end.
    ///
    /// - Throws: a fault of the store; then it ends in its time.
    package func keep() throws {
        let begin = now()
        guard !term.isRunning(at: begin + Self.renewal.nanoseconds) else { return }
        if !term.isRunning(at: begin) {
            let isFree = try session.row(LeaseStatements.isFree, Self.name, holder) { try $0.bool(0) }
            guard isFree ?? true else { return }
        }
        let microseconds = Self.duration.nanoseconds / 1000
        expiry = try session.write { transaction in
            try transaction.row(LeaseStatements.take, Self.name, holder, microseconds) { try $0.int64(0) }
        }
        term.end.store(
            expiry == nil ? .min : begin + (Self.duration - Self.margin).nanoseconds,
            ordering: .releasing
        )
    }

    /// Lets another host have it at once.
    package func release() throws {
        term.end.store(.min, ordering: .releasing)
        guard let expiry else { return }
        _ = try session.write { try $0.execute(LeaseStatements.release, Self.name, holder, expiry) }
        self.expiry = nil
    }
}

/// Until when a host has a ``HostLease``; for any thread.
package final class LeaseTerm: Sendable {
    fileprivate let end = Atomic(Int64.min)

    /// Nobody has it yet.
    package init() {}

    /// Whether it has it at this instant, by the clock of the lease.
    package func isRunning(at instant: Int64) -> Bool { end.load(ordering: .acquiring) > instant }
}

extension Duration {
    /// Whole nanoseconds, of seconds.
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
