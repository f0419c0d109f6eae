/// How a supervisor starts the product's other processes, all from one binary.
public struct PoolProgram: Sendable {
    /// The name that processes show: `gatehouse`.
    public let name: String
    /// The arguments with which the binary checks the configuration and writes it to standard output.
    ///
    /// What it writes is a JSON object with the member `pool`, see ``PoolSettings/json()``; the rest is for the workers.
    public let configurationArguments: [String]
    /// The arguments with which the binary is a worker.
    public let workerArguments: [String]
    /// The arguments with which the binary is the workers' companion (``Companion``), its name first; empty for none.
    public let companionArguments: [String]
    /// What workers and companion get as their descriptors 5 and up, beside what is their own.
    ///
    /// They stay open as long as the supervisor runs.
    public let sharedDescriptors: [Int32]
    /// What a new worker is tried with before it takes requests; nil where whoever says that it is ready is believed.
    public let trial: TrialRequest?
    /// What the supervisor does, in its one thread, when the process of a worker has ended, however it has.
    ///
    /// It may have ended between any two instructions: here goes what it may have left undone for others. Must not block.
    public let workerEnded: @Sendable () -> Void

    /// Gathers what a supervisor needs.
    public init(
        name: String,
        configurationArguments: [String],
        workerArguments: [String],
        companionArguments: [String] = [],
        sharedDescriptors: [Int32] = [],
        trial: TrialRequest? = nil,
        workerEnded: @escaping @Sendable () -> Void = {}
    ) {
        self.name = name
        self.configurationArguments = configurationArguments
        self.workerArguments = workerArguments
        self.companionArguments = companionArguments
        self.sharedDescriptors = sharedDescriptors
        self.trial = trial
        self.workerEnded = workerEnded
    }
}
