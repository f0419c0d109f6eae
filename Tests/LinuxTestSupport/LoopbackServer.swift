internal import Linux

/// A server of another language beside a test, on a free port of loopback; ended with its owner.
public final class LoopbackServer: Sendable {
    /// The server told no port.
    public struct NoPort: Error {
        /// What it said instead.
        public let output: String
    }

    /// Where it listens, at 127.0.0.1.
    public let port: UInt16
    private let process: Int32

    /// Starts a command of /bin/sh whose first line of output is the port; `exec` in it makes the server itself the
    /// process that is ended.
    public init(_ command: String, output file: String) throws {
        let pair = try Sockets.pair(kind: .stream)
        // A first start may have to install something.
        try Sockets.setTimeouts(pair.first, milliseconds: 300_000)
        process = try Self.start("exec 2>>'\(file)'; \(command)", output: pair.second)
        let output = FileDescriptor(owning: pair.first.release())
        var line = ""
        while !line.contains("\n") {
            let part = try output.read(upTo: 4_096)
            if part.isEmpty { break }
            line += String(decoding: part, as: UTF8.self)
        }
        guard let port = UInt16(line.prefix { $0 != "\n" }) else { throw NoPort(output: line) }
        self.port = port
    }

    /// The server alone holds the other end afterwards, so that its end is seen.
    private static func start(_ command: String, output: consuming FileDescriptor) throws -> Int32 {
        try Shell.start(command, output: output)
    }

    deinit {
        ChildProcess.send(.kill, to: process)
        _ = try? ChildProcess.wait(for: process)
    }
}
