/// What the supervisor needs to know of a checked configuration.
public struct PoolSettings: Sendable, Equatable {
    /// Where the pool listens, unless it inherits a listening socket.
    public enum Listen: Sendable, Equatable {
        /// A unix socket with mode 0660, given to this group where one is named.
        case unix(path: String, group: String?)
        /// TCP at a numeric address; port 0 lets the kernel choose.
        case tcp(host: String, port: UInt16)
    }

    /// When a generation that started well counts as bad all the same, and the last good one takes its place.
    public struct Probation: Sendable, Equatable {
        /// How long it is watched, in nanoseconds; 0 for not at all.
        public let time: Int64
        /// The most workers that may die in this time.
        public let deaths: Int
        /// The most requests that may be answered with a fault in this time.
        public let faults: Int

        /// Gathers the bounds.
        public init(time: Int64, deaths: Int, faults: Int) {
            self.time = time
            self.deaths = deaths
            self.faults = faults
        }

        /// Whatever started well is good.
        public static let none = Probation(time: 0, deaths: .max, faults: .max)
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
    /// What a new generation must not do in its first time.
    public let probation: Probation
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
        probation: Probation = .none,
        notices: [String] = []
    ) {
        self.workers = workers
        self.listen = listen
        self.statusListen = statusListen
        self.backlog = backlog
        self.bootTimeout = bootTimeout
        self.shutdownTimeout = shutdownTimeout
        self.probation = probation
        self.notices = notices
    }
}
