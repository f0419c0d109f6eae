public import Linux
public import LinuxTestSupport

/// A `shared-memory-probe`, which stands beside the tests; killed when this object ends.
public final class RunningProbe {
    /// Its process id.
    public let process: Int32
    private let output: FileDescriptor
    private var isReaped = false

    /// Starts one on a directory, or on a descriptor that is handed to it.
    public init(_ task: String, in directory: TemporaryDirectory? = nil, descriptor: Int32? = nil) throws {
        let pair = try Sockets.pair(kind: .stream)
        try Sockets.setTimeouts(pair.first, milliseconds: 30_000)
        process = try ChildProcess.spawn(
            path: try BuiltProgram.path("shared-memory-probe"),
            arguments: ["shared-memory-probe", task, directory?.path ?? "handed"],
            environment: [],
            descriptors: [nil, pair.second.number, 2, descriptor]
        )
        output = FileDescriptor(owning: pair.first.release())
    }

    deinit {
        kill()
    }

    /// What it writes until it ends a line.
    public func line() throws -> String {
        var text: [UInt8] = []
        while true {
            let byte = try output.read(upTo: 1)
            if byte.isEmpty || byte == [10] { return String(decoding: text, as: UTF8.self) }
            text += byte
        }
    }

    /// Stops it where it is.
    public func stop() throws { _ = try Shell.run("kill -STOP \(process)") }

    /// Lets it go on.
    public func resume() throws { _ = try Shell.run("kill -CONT \(process)") }

    /// Kills it, and waits until it has gone.
    public func kill() {
        guard !isReaped else { return }
        ChildProcess.send(.kill, to: process)
        _ = try? end()
    }

    /// Waits until it has ended by itself.
    public func end() throws -> ProcessEnd {
        isReaped = true
        return try ChildProcess.wait(for: process)
    }
}
