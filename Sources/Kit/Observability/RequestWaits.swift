/// What one thread's request has waited for: whoever waits says so, whoever observes the request reads it at its end.
///
/// For one thread.
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

    /// Nothing has been waited for.
    public init() {}

    /// Begins with a request.
    public func begin() {
        times = InlineArray(repeating: 0)
        statements = 0
        slowest = nil
    }

    /// Adds to what was waited for.
    public func add(nanoseconds: Int64, for cause: Cause) {
        times[cause.rawValue] += nanoseconds
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
