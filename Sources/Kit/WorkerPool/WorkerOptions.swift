public import FastCGI

/// What a worker process needs to serve.
public struct WorkerOptions: Sendable {
    /// The number of handler threads; those for heavy requests come on top.
    public let threads: Int
    /// How long one request may hold a thread with reading and writing, in nanoseconds.
    public let requestTimeout: Int64
    /// How long what runs may go on after a drain began, in nanoseconds.
    public let shutdownTimeout: Int64
    /// How long a peer may take to send a whole head of a request, in nanoseconds; nginx sends it at once.
    public let headTimeout: Int64
    /// When the worker is to be replaced.
    public let wear: WearLimits
    /// Where a worker whose supervisor was killed finds the next one; nil lets it end instead.
    public let reunion: Reunion?
    /// Who may connect.
    public let peers: AllowedPeers
    /// How heavy requests are kept apart; nil treats all alike.
    public let heavyLane: HeavyLaneOptions?

    /// Gathers the options.
    public init(
        threads: Int,
        requestTimeout: Int64,
        shutdownTimeout: Int64,
        headTimeout: Int64 = 5_000_000_000,
        wear: WearLimits = WearLimits(),
        reunion: Reunion? = nil,
        peers: AllowedPeers,
        heavyLane: HeavyLaneOptions? = nil
    ) {
        self.wear = wear
        self.reunion = reunion
        self.peers = peers
        self.heavyLane = heavyLane
        self.threads = threads
        self.requestTimeout = requestTimeout
        self.shutdownTimeout = shutdownTimeout
        self.headTimeout = headTimeout
    }
}

/// How a worker whose supervisor was killed gets another, who takes it and the listening socket over.
public struct Reunion: Sendable, Equatable {
    /// The command socket of the supervisor that is to come.
    public let commandPath: String
    /// The worker's generation.
    public let generation: Int
    /// Its place there.
    public let slot: Int
    /// How long it serves on without a supervisor, in nanoseconds.
    public let patience: Int64

    /// Gathers what the worker tells of itself.
    public init(commandPath: String, generation: Int, slot: Int, patience: Int64 = 60_000_000_000) {
        self.commandPath = commandPath
        self.generation = generation
        self.slot = slot
        self.patience = patience
    }
}

/// What a product gives to a worker: a handler for each thread, and work that comes up now and then.
public protocol WorkerProgram: Sendable {
    /// Makes what answers the requests of one handler thread; called on that thread, before it serves.
    ///
    /// - Throws: what keeps the worker from starting; its description is told to the operator.
    func makeHandler() throws -> RequestHandler

    /// Makes what looks after the process beside the requests; called on the control thread, before any handler.
    ///
    /// - Throws: as ``makeHandler()``.
    func makeHousekeeping() throws -> any Housekeeping

    /// Makes what answers on the status socket, if anything; called on the control thread, before any handler.
    ///
    /// What it makes runs on the control thread and must not block; it gives what a CGI program writes. `pool` is what the
    /// worker knows of itself. Throws as ``makeHandler()``.
    func makeStatusResponder(_ pool: WorkerView) throws -> ((FastCGI.BufferedRequest) -> [UInt8])?

    /// How many requests this process has answered with a fault of the program since it started; for any thread.
    ///
    /// A supervisor that watches a new generation takes it back for too many of them.
    var faults: Int { get }

    /// Has the requests that run answer soon that they could not be done; called on the control thread, again and
    /// again for a second.
    ///
    /// The time to finish is over. What has not ended after that second has its connection closed.
    func cancel()
}

extension WorkerProgram {
    /// Nothing answers there.
    public func makeStatusResponder(_ pool: WorkerView) throws -> ((FastCGI.BufferedRequest) -> [UInt8])? { nil }

    /// None, for a program that does not count them.
    public var faults: Int { 0 }

    /// Nothing that runs can be cancelled.
    public func cancel() {}
}

/// What a worker knows of itself.
public struct WorkerView {
    /// Whether it ends: it accepts no more requests.
    public let isDraining: @Sendable () -> Bool
}

/// Work off the way of requests, on a worker's control thread.
public protocol Housekeeping {
    /// Called ten times a second; it must not take long.
    func tick()

    /// Opens the files of its logs anew, by their names: somebody has moved them away.
    ///
    /// - Throws: what keeps it from it; its description is told to the operator.
    func reopenLogs() throws

    /// What is not as it should be, in a few words for the operator; nil where nothing is. Called ten times a second.
    func condition() -> String?

    /// The last call of a worker that ends: give back what is remembered, write what is still in buffers.
    func finish()
}

extension Housekeeping {
    /// Nothing: there are no files.
    public func reopenLogs() throws {}

    /// Nothing is known to be wrong.
    public func condition() -> String? { nil }
}
