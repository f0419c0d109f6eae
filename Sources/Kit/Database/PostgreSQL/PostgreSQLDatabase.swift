public import PostgreSQL

/// A database on a PostgreSQL server, for all sessions of a process.
///
/// They share the knowledge whether the server is there, see `ConnectionSource`.
public final class PostgreSQLDatabase: Sendable {
    /// After how long a connection is replaced between two transactions, so that the server's processes give memory back
    /// and a server that was put in the place of another gets its share.
    static let longestLife: Int64 = 1_800_000_000_000
    /// After how long without use a connection is replaced before it is used: a firewall may have forgotten it.
    static let longestRest: Int64 = 300_000_000_000

    /// Where it is.
    public var options: ConnectionOptions { source.options }

    /// What learns of every commit of a session, before the session's caller does.
    public let observer: (any CommitObserver)?

    /// Where commits leave what they have changed, for those who share the server and no memory.
    let log: CommitLog?

    let source: ConnectionSource

    /// Connects to nothing yet.
    public init(_ options: ConnectionOptions, observer: (any CommitObserver)? = nil, log: CommitLog? = nil) {
        source = ConnectionSource(options)
        self.observer = observer
        self.log = log
    }

    /// How long the server may take to answer before the client takes it for gone: longer than the server's own limit.
    var patience: Duration { options.statementTimeout + .seconds(1) }
}
