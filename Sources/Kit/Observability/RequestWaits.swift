/// Where one thread's request is, and what it has waited for: whoever waits says so, before and after.
///
/// Whoever observes the request reads the times at its end; who looks from elsewhere is shown each phase as it begins. For
/// one thread.
public final class RequestWaits {
    /// What was waited for.
    public enum Cause: Int, Sendable, CaseIterable {
        /// The lock that writers of the database take first.
        case writeLock
        /// The database, while it ran statements.
        case statements
        /// The disk, until what was committed had reached it.
        case commit
        /// One of the permits to hash a password.
        case hashPermit
        /// The hash of a password.
        case hash

        /// The phase in which it is waited for.
        public var phase: RequestPhase {
            switch self {
            case .writeLock: .writeLock
            case .statements: .statements
            case .commit: .commit
            case .hashPermit: .hashPermit
            case .hash: .hash
            }
        }
    }

    /// A statement with the time that it took.
    public struct Statement: Sendable {
        /// Its id.
        public let id: String
        /// How long it took.
        public let nanoseconds: Int64
    }

    private var times = InlineArray<5, Int64>(repeating: 0)
    /// How many statements were run.
    public private(set) var statements = 0
    /// The slowest of them.
    public private(set) var slowest: Statement?
    /// The stage that the request has reached: where it goes on after it has waited.
    private var stage = RequestPhase.routing
    private let show: (RequestPhase) -> Void

    /// Nothing has been waited for; `show` is told of each phase as it begins, several times in each request.
    public init(show: @escaping (RequestPhase) -> Void = { _ in }) {
        self.show = show
    }

    /// Begins with a request.
    public func begin() {
        stage = .routing
        times = InlineArray(repeating: 0)
        statements = 0
        slowest = nil
    }

    /// The request has come to a stage.
    public func reach(_ stage: RequestPhase) {
        self.stage = stage
        show(stage)
    }

    /// The request begins to wait; ``add(nanoseconds:for:)`` ends it.
    public func wait(for cause: Cause) { show(cause.phase) }

    /// Adds to what was waited for; the request goes on in its stage.
    public func add(nanoseconds: Int64, for cause: Cause) {
        times[cause.rawValue] += nanoseconds
        show(stage)
    }

    /// Adds a statement that was run.
    public func add(statement id: String, nanoseconds: Int64) {
        statements += 1
        add(nanoseconds: nanoseconds, for: .statements)
        if nanoseconds > slowest?.nanoseconds ?? -1 { slowest = Statement(id: id, nanoseconds: nanoseconds) }
    }

    /// How long a cause was waited for, in nanoseconds.
    public func nanoseconds(for cause: Cause) -> Int64 { times[cause.rawValue] }

    /// How long the database was waited for: its lock, its statements and its commits.
    public var database: Int64 {
        nanoseconds(for: .writeLock) + nanoseconds(for: .statements) + nanoseconds(for: .commit)
    }
}
