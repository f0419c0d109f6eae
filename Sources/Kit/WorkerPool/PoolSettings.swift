/// What the supervisor needs to know of a checked configuration.
public struct PoolSettings: Sendable, Equatable {
    /// Where the pool listens, unless it inherits a listening socket.
    public enum Listen: Sendable, Equatable {
        /// A unix socket with mode 0660, given to this group where one is named.
        case unix(path: String, group: String?)
        /// TCP at a numeric address; port 0 lets the kernel choose.
        case tcp(host: String, port: UInt16)
    }

    /// How many worker processes.
    public let workers: Int
    /// Where they listen; a reload does not move it.
    public let listen: Listen
    /// Where the pool tells how it is; nil where it does not.
    public let statusListen: Listen?
    /// How many connections may wait to be accepted.
    public let backlog: Int32
    /// How long a new worker may take until it is ready, in nanoseconds.
    public let bootTimeout: Int64
    /// How long a draining worker may finish what runs, in nanoseconds.
    public let shutdownTimeout: Int64
    /// What is unusual about the configuration, a sentence each; told at the start and with every status.
    public let notices: [String]

    /// Gathers the settings.
    public init(
        workers: Int,
        listen: Listen,
        statusListen: Listen? = nil,
        backlog: Int32,
        bootTimeout: Int64,
        shutdownTimeout: Int64,
        notices: [String] = []
    ) {
        self.workers = workers
        self.listen = listen
        self.statusListen = statusListen
        self.backlog = backlog
        self.bootTimeout = bootTimeout
        self.shutdownTimeout = shutdownTimeout
        self.notices = notices
    }
}
