internal import Glibc
internal import Linux
internal import LinuxTestSupport
public import PostgreSQL
internal import Synchronization

/// A PostgreSQL server of the tests' own, on a unix socket in a directory that goes with the process of the tests.
///
/// Most tests share one, with a database each. Those that stop the server have their own. PostgreSQL refuses to run as root:
/// there it runs as `postgres`, whom Debian's package makes.
public final class ScratchServer: Sendable {
    /// Something did not come to be.
    public struct Failure: Error, CustomStringConvertible {
        /// What, with what the server said.
        public let description: String
    }

    /// The role of the tests, who may do everything.
    public static let user = "owner"

    /// A role that the server asks for a password, once somebody has made it.
    public static let lockedUser = "locked"

    private static let common = Mutex<ScratchServer?>(nil)
    private static let programs = "/usr/lib/postgresql/15/bin"
    private static let account =
        ThisProcess.user == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : ""

    private let directory: TemporaryDirectory
    private let process = Mutex<Int32?>(nil)
    private let databases = Mutex(0)
    private let templates = Mutex<Set<String>>([])
    private let guardEnd: Int32
    private let port: Int
    private let settings: String

    /// The server that tests share, started by the first who asks.
    public static func shared() throws -> ScratchServer {
        try common.withLock { server in
            if let server { return server }
            let new = try ScratchServer()
            server = new
            return new
        }
    }

    /// Starts a server of its own; ``stop()`` ends it, or the end of this process.
    ///
    /// - Parameter encrypted: Whether it also listens on the loopback address `localhost`, with a certificate for this name
    ///   that ``certificate`` holds.
    /// - Throws: ``Failure``, or `SystemError`.
    public init(encrypted: Bool = false) throws {
        directory = try TemporaryDirectory()
        guardEnd = try Self.startGuard(of: directory.path)
        let made = try Shell.run(
            """
            set -e
            if [ $(id -u) = 0 ]; then chown postgres '\(directory.path)'; fi
            cd '\(directory.path)'
            \(Self.account)\(Self.programs)/initdb -D data -A trust -U \(Self.user) -E UTF8 --locale=C --no-sync
            sed -i '1i local all \(Self.lockedUser) scram-sha-256' data/pg_hba.conf
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
                -addext subjectAltName=DNS:localhost -keyout data/server.key -out server.crt
            chmod 600 data/server.key
            if [ $(id -u) = 0 ]; then chown postgres data/server.key; fi
            """
        )
        guard made.end == .exited(0) else { throw Failure(description: "initdb: \(made.output)") }
        // The port also names the unix socket, of which each server has a directory.
        port = encrypted ? try Self.freePort() : 5432
        settings =
            encrypted
            ? "-c listen_addresses=127.0.0.1 -c ssl=on -c ssl_cert_file=../server.crt -c ssl_key_file=server.key"
            : "-c listen_addresses="
        try start()
    }

    private static func freePort() throws -> Int {
        let script = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
        guard let port = Int(try Shell.run("python3 -c \"\(script)\"").output) else {
            throw Failure(description: "no port is free")
        }
        return port
    }

    /// The certificate of a server that listens on the loopback address, which is its own authority.
    public var certificate: String { directory.file("server.crt") }

    deinit {
        // Its guard ends the server.
        _ = FileDescriptor(owning: guardEnd)
        let running = process.withLock { $0 }
        if let running { _ = try? ChildProcess.wait(for: running) }
    }

    /// Ends the server and removes the directory when the process of the tests has ended, however it ended.
    private static func startGuard(of path: String) throws -> Int32 {
        let pair = try Sockets.pair(kind: .stream)
        let script = """
            cat <&3 >/dev/null
            if [ -e '\(path)/data/postmaster.pid' ]; then
                server=$(head -n 1 '\(path)/data/postmaster.pid')
                kill -QUIT "$server"
                kill -CONT "$server"
                for attempt in $(seq 200); do [ -e '\(path)/data/postmaster.pid' ] || break; sleep 0.05; done
            fi
            rm -rf '\(path)'
            """
        let silence = try Files.inMemory([])
        // Taken at once: a child that has ended and was not taken keeps Swift Testing from seeing the ends of others.
        let shell = try Shell.start("(\(script)) &", output: silence, descriptors: [pair.second.number])
        _ = try ChildProcess.wait(for: shell)
        return pair.first.release()
    }

    /// Starts the server where it is not running, and waits until it takes connections.
    public func start() throws {
        let log = try Files.open(directory.file("log"), .append(permissions: 0o644))
        let started = try Shell.start(
            """
            cd '\(directory.path)'
            exec \(Self.account)\(Self.programs)/postgres -D data -k '\(directory.path)' -p \(port) \(settings) -F \
                -c full_page_writes=off -c shared_buffers=32MB -c max_connections=80 -c max_wal_size=256MB
            """,
            output: log
        )
        process.withLock { $0 = started }
        try eventually("the server takes connections") {
            (try? Connection(options(database: "postgres"))) != nil
        }
    }

    /// Ends the server at once, as `systemctl stop` does: clients are thrown out.
    public func stop() throws { try end(.interrupt) }

    /// Ends the server as a crash of the machine does, but for what the system has not written.
    public func crash() throws { try end(.quit) }

    private func end(_ signal: Signal) throws {
        try process.withLock { process in
            guard let running = process else { return }
            ChildProcess.send(signal, to: running)
            _ = try ChildProcess.wait(for: running)
            process = nil
        }
    }

    /// Keeps all processes of the server from running, or lets them run again.
    public func freeze(_ on: Bool) throws {
        let signal = on ? "STOP" : "CONT"
        let process = process.withLock { $0 }
        if let process {
            _ = try Shell.run("kill -\(signal) \(process) $(pgrep -P \(process))")
        }
    }

    /// Keeps one process of the server from running, or lets it run again.
    public static func freeze(_ on: Bool, process: Int32) throws {
        _ = try Shell.run("kill -\(on ? "STOP" : "CONT") \(process)")
    }

    /// Ends one process of the server as a fault in it would: all others end too, and the server begins anew.
    public static func kill(process: Int32) throws {
        _ = try Shell.run("kill -KILL \(process)")
    }

    /// How to reach a database of this server, with more time than a service takes: a busy machine is no fault.
    public func options(database: String, user: String = ScratchServer.user) -> ConnectionOptions {
        ConnectionOptions(
            host: directory.path,
            port: port,
            database: database,
            user: user,
            applicationName: "tests",
            connectTimeout: .seconds(30),
            statementTimeout: .seconds(60),
            lockTimeout: .seconds(30)
        )
    }

    /// Makes a new database, empty or as a template has it.
    public func makeDatabase(from template: String = "template0") throws -> ConnectionOptions {
        let number = databases.withLock { count in
            count += 1
            return count
        }
        let name = "test_\(number)"
        // One after the other: a template must have no other user meanwhile.
        _ = try templates.withLock { _ in
            try administer("CREATE DATABASE \(name) TEMPLATE \(template) STRATEGY wal_log")
        }
        return options(database: name)
    }

    /// Makes a database once, for ``makeDatabase(from:)`` to copy.
    ///
    /// - Parameters:
    ///   - name: What it is called.
    ///   - fill: Makes what is in it; leaves no connection open.
    /// - Throws: What `fill` throws, or a ``Failure``.
    public func prepareTemplate(_ name: String, _ fill: (ConnectionOptions) throws -> Void) throws {
        try templates.withLock { templates in
            guard !templates.contains(name) else { return }
            try administer("CREATE DATABASE \(name) TEMPLATE template0 STRATEGY wal_log")
            try fill(options(database: name))
            // Connections that were closed end a moment later.
            try eventually("nobody uses the template") {
                try administer("SELECT 1 FROM pg_stat_activity WHERE datname = '\(name)'").rowCount == 0
            }
            templates.insert(name)
        }
    }

    /// Runs a statement in the database that every server has.
    @discardableResult
    public func administer(_ sql: String) throws -> StatementResult {
        try Self.run(sql, options(database: "postgres"))
    }

    /// Runs one statement over a connection of its own.
    @discardableResult
    public static func run(_ sql: String, _ options: ConnectionOptions) throws -> StatementResult {
        let connection = try Connection(options)
        try connection.send(Statement("test", sql: sql))
        guard let result = try connection.exchange(timeout: .seconds(60)).first else {
            throw Failure(description: "no answer to \(sql)")
        }
        return result
    }
}

/// Looks again and again until the condition holds.
///
/// - Throws: a ``ScratchServer/Failure`` that says what did not come true, when a minute is over.
public func eventually(_ what: String, _ condition: () throws -> Bool) throws {
    let deadline = SystemClock.monotonicNanoseconds() + 60_000_000_000
    while try !condition() {
        guard SystemClock.monotonicNanoseconds() < deadline else {
            throw ScratchServer.Failure(description: "not within a minute: \(what)")
        }
        usleep(5000)
    }
}
