/// Where the server is, and how a connection uses it.
public struct ConnectionOptions: Sendable {
    /// How much of what goes over the network others can see or change.
    public enum Security: Sendable, Equatable {
        /// Nothing is encrypted: for networks that nobody else is on.
        case none
        /// Encrypted, with whoever answers: keeps out who only listens.
        case encrypted
        /// Encrypted, and the server proves its name by a certificate of an authority in this file (PEM).
        case verified(authorities: String)
    }

    /// The host, an address, or the directory of a unix socket; several, with commas between, are tried in order until
    /// one takes writes.
    public var host: String
    /// The port, which also names the unix socket.
    public var port: Int
    /// The name of the database.
    public var database: String
    /// The role to be.
    public var user: String
    /// A file that holds the password and nothing else but a line feed, read anew for each connection.
    ///
    /// Without one the server must take the role as it comes, as with `peer` on a unix socket.
    public var passwordFile: String?
    /// What is asked of the network; without meaning on a unix socket, which never leaves the machine.
    public var security: Security
    /// What the server calls the connection in its lists.
    public var applicationName: String
    /// How long connecting may take in all.
    public var connectTimeout: Duration
    /// How long the server lets one statement run (`statement_timeout`).
    public var statementTimeout: Duration
    /// How long the server lets a statement wait for a lock (`lock_timeout`).
    public var lockTimeout: Duration
    /// How long the server keeps a transaction whose client does nothing (`idle_in_transaction_session_timeout`).
    public var idleTransactionTimeout: Duration
    /// Whether a pooler stands between that gives each transaction another connection to the server.
    ///
    /// Such as PgBouncer with `pool_mode = transaction`. Then nothing is prepared, and the three times above are for the
    /// role to set: `ALTER ROLE ... SET statement_timeout = ...`.
    public var isPooled: Bool

    /// Options with the defaults for serving requests.
    public init(
        host: String,
        port: Int = 5432,
        database: String,
        user: String,
        passwordFile: String? = nil,
        security: Security = .verified(authorities: "/etc/ssl/certs/ca-certificates.crt"),
        applicationName: String = "",
        connectTimeout: Duration = .seconds(3),
        statementTimeout: Duration = .seconds(3),
        lockTimeout: Duration = .seconds(1),
        idleTransactionTimeout: Duration = .seconds(10),
        isPooled: Bool = false
    ) {
        self.host = host
        self.port = port
        self.database = database
        self.user = user
        self.passwordFile = passwordFile
        self.security = security
        self.applicationName = applicationName
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.idleTransactionTimeout = idleTransactionTimeout
        self.isPooled = isPooled
    }
}

extension ConnectionOptions {
    /// The keywords of libpq (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-PARAMKEYWORDS).
    func keywords(password: String?) -> [(name: String, value: String)] {
        var keywords = [
            ("host", host), ("port", String(port)), ("dbname", database), ("user", user),
            ("application_name", applicationName), ("client_encoding", "UTF8"),
            // The server that takes writes, where a standby answers too.
            ("target_session_attrs", "read-write"),
            // A peer that has gone without a word is noticed while nobody waits for it, and while somebody does.
            ("keepalives_idle", "30"), ("tcp_user_timeout", "5000"),
            // Asking for it costs a round trip, and a ticket may take seconds.
            ("gssencmode", "disable"),
        ]
        switch security {
        case .none: keywords.append(("sslmode", "disable"))
        case .encrypted: keywords.append(("sslmode", "require"))
        case .verified(let authorities): keywords += [("sslmode", "verify-full"), ("sslrootcert", authorities)]
        }
        if let password { keywords.append(("password", password)) }
        return keywords
    }

    /// What makes the settings those of the session.
    ///
    /// Not as a parameter of its start, which PgBouncer refuses.
    var settingsStatement: String {
        let settings = [
            ("statement_timeout", statementTimeout.milliseconds),
            ("lock_timeout", lockTimeout.milliseconds),
            ("idle_in_transaction_session_timeout", idleTransactionTimeout.milliseconds),
            // The server ends what it does for a client that has gone, rather than when it wants to answer.
            ("client_connection_check_interval", 1000),
        ]
        return "SELECT " + settings.map { "set_config('\($0)', '\($1)', false)" }.joined(separator: ", ")
    }
}

extension Duration {
    /// Whole milliseconds, one at least: to the server 0 means no limit.
    var milliseconds: Int64 {
        max(1, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }

    /// Nanoseconds.
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
