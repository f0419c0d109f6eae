/// How a supervisor starts the product's other processes, all from one binary.
public struct PoolProgram: Sendable {
    /// The name that processes show: `gatehouse`.
    public let name: String
    /// The arguments with which the binary checks the configuration and writes it to standard output.
    public let configurationArguments: [String]
    /// The arguments with which the binary is a worker.
    public let workerArguments: [String]
    /// Reads what the check wrote.
    public let settings: @Sendable ([UInt8]) throws -> PoolSettings

    /// Gathers what a supervisor needs.
    public init(
        name: String,
        configurationArguments: [String],
        workerArguments: [String],
        settings: @escaping @Sendable ([UInt8]) throws -> PoolSettings
    ) {
        self.name = name
        self.configurationArguments = configurationArguments
        self.workerArguments = workerArguments
        self.settings = settings
    }
}
