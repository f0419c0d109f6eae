internal import Linux
internal import LinuxTestSupport
public import PostgreSQL
internal import Synchronization

/// PgBouncer between the tests and a ``ScratchServer``, on a unix socket in a directory of its own.
///
/// As PostgreSQL does, it refuses to run as root.
public final class ScratchPooler: Sendable {
    /// For how long a client has a connection to the server: PgBouncer's `pool_mode`.
    public enum Mode: String, Sendable, CaseIterable {
        /// Until it goes.
        case session
        /// Until its transaction ends.
        case transaction
    }

    private static let port = 5432
    private static let account =
        ThisProcess.user == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : ""

    private let server: ScratchServer
    private let directory: TemporaryDirectory
    private let running = Mutex<(shell: Int32, guardEnd: Int32)?>(nil)

    /// Starts a pooler.
    ///
    /// - Parameters:
    ///   - server: Where the databases are; stays as long as the pooler does.
    ///   - mode: For how long a client has a connection.
    ///   - connections: How many a database has at most.
    /// - Throws: ``ScratchServer/Failure``, or `SystemError`.
    public init(before server: ScratchServer, mode: Mode, connections: Int) throws {
        self.server = server
        directory = try TemporaryDirectory()
        let home = server.options(database: "postgres")
        let configuration = """
            [databases]
            * = host=\(home.host) port=\(home.port) user=\(ScratchServer.user)
            [pgbouncer]
            unix_socket_dir = \(directory.path)
            listen_port = \(Self.port)
            auth_type = any
            pool_mode = \(mode.rawValue)
            default_pool_size = \(connections)
            max_client_conn = 200
            """
        try Files.replace(directory.file("pgbouncer.ini"), with: Array(configuration.utf8), permissions: 0o644)
        let owned = try Shell.run("if [ $(id -u) = 0 ]; then chown postgres '\(directory.path)'; fi")
        guard owned.end == .exited(0) else { throw ScratchServer.Failure(description: owned.output) }
        try start()
    }

    deinit { try? stop() }

    /// How to reach a database of the server through the pooler.
    public func options(for database: ConnectionOptions) -> ConnectionOptions {
        var options = database
        options.host = directory.path
        options.port = Self.port
        return options
    }

    /// Starts it where it is not running, and waits until it lets somebody through.
    ///
    /// It ends with the process of the tests, however that ends.
    public func start() throws {
        let pair = try Sockets.pair(kind: .stream)
        let log = try Files.open(directory.file("log"), .append(permissions: 0o644))
        let shell = try Shell.start(
            """
            \(Self.account)/usr/sbin/pgbouncer '\(directory.file("pgbouncer.ini"))' 3<&- &
            cat <&3
            kill $!
            wait
            """,
            output: log,
            descriptors: [pair.second.number]
        )
        let guardEnd = pair.first.release()
        running.withLock { $0 = (shell, guardEnd) }
        try eventually("the pooler takes connections") {
            (try? Connection(options(for: server.options(database: "postgres")))) != nil
        }
    }

    /// Ends it at once: clients are thrown out.
    public func stop() throws {
        try running.withLock { running in
            guard let (shell, guardEnd) = running else { return }
            running = nil
            _ = FileDescriptor(owning: guardEnd)
            _ = try ChildProcess.wait(for: shell)
        }
    }
}
