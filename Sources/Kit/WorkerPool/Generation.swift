internal import Linux

/// A binary and its checked configuration, held by descriptor so that files which change on disk do not mix with it.
final class Generation {
    let number: Int
    let binary: FileDescriptor
    /// The configuration as the check wrote it; workers get it as their descriptor 4.
    let configuration: FileDescriptor
    private let messages: FileDescriptor
    private let program: PoolProgram

    /// Opens the binary on disk.
    init(number: Int, binaryPath: String, program: PoolProgram) throws(SystemError) {
        self.number = number
        self.program = program
        binary = try Files.open(binaryPath, .read)
        configuration = try Files.inMemory([])
        messages = try Files.inMemory([])
    }

    /// Makes one of the binary and the configuration of an earlier one.
    init(number: Int, of earlier: Generation) throws(SystemError) {
        self.number = number
        program = earlier.program
        binary = try earlier.binary.duplicate()
        configuration = try earlier.configuration.duplicate()
        messages = try Files.inMemory([])
    }

    /// Goes on with one of the supervisor before.
    init(
        number: Int,
        binary: consuming FileDescriptor,
        configuration: consuming FileDescriptor,
        program: PoolProgram
    ) throws(SystemError) {
        self.number = number
        self.program = program
        self.binary = binary
        self.configuration = configuration
        messages = try Files.inMemory([])
    }

    /// The binary as a path for exec.
    var binaryPath: String { "/proc/self/fd/\(binary.number)" }

    /// Starts the process that checks the configuration; its end tells whether it is good.
    func startCheck(environment: [String]) throws(SystemError) -> Int32 {
        try start(program.configurationArguments, environment, [nil, configuration.number, messages.number])
    }

    /// Starts a worker.
    ///
    /// - Returns: its process and the supervisor's end of the control connection.
    func startWorker(
        slot: Int,
        listener: Int32,
        statusListener: Int32?,
        environment: [String]
    ) throws(SystemError) -> (pid: Int32, control: Int32) {
        try startMember(
            program.workerArguments + ["--generation", "\(number)", "--slot", "\(slot)"],
            [listener, statusListener],
            environment
        )
    }

    /// Starts the workers' companion.
    ///
    /// - Returns: as ``startWorker(slot:listener:statusListener:environment:)``.
    func startCompanion(environment: [String]) throws(SystemError) -> (pid: Int32, control: Int32) {
        try startMember(program.companionArguments + ["--generation", "\(number)"], [nil, nil], environment)
    }

    /// The sockets become the descriptors 0 and 1.
    private func startMember(
        _ arguments: [String],
        _ sockets: [Int32?],
        _ environment: [String]
    ) throws(SystemError) -> (pid: Int32, control: Int32) {
        let pair = try Sockets.pair(kind: .packets)
        // One that crashed may leave a process behind that holds its end open, such as one that writes a backtrace.
        try pair.first.setNonblocking(true)
        let copy = try Files.inMemory(try content(of: configuration))
        let descriptors = sockets + [2, pair.second.number, copy.number] + program.sharedDescriptors
        let pid = try start(arguments, environment, descriptors)
        return (pid, pair.first.release())
    }

    /// The settings, after a check that ended well.
    func settings() throws -> PoolSettings {
        try PoolSettings(document: try content(of: configuration))
    }

    /// What the check wrote to standard error, for the operator.
    func reason() -> String {
        let text = String(decoding: (try? content(of: messages)) ?? [], as: UTF8.self)
        let prefix = "\(program.name): "
        return text.split(separator: "\n")
            .map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : String($0) }
            .joined(separator: "; ")
    }

    private func content(of file: borrowing FileDescriptor) throws(SystemError) -> [UInt8] {
        try file.rewind()
        return try file.readAll(limit: 1 << 20)
    }

    private func start(
        _ arguments: [String],
        _ environment: [String],
        _ descriptors: [Int32?]
    ) throws(SystemError) -> Int32 {
        try ChildProcess.spawn(
            path: binaryPath,
            arguments: [program.name] + arguments,
            environment: environment,
            descriptors: descriptors
        )
    }
}
