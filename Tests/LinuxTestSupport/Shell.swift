public import Linux

/// Programs that tests run beside themselves.
public enum Shell {
    /// What a script wrote to both its streams, and how it ended.
    public struct Outcome: Sendable, Equatable {
        /// All output as text, without the line feed at its end.
        public let output: String
        /// How the shell ended.
        public let end: ProcessEnd
    }

    /// Starts a script of /bin/sh, whose output goes to `output`, and gives the id of its process.
    ///
    /// The script finds `descriptors` from number 3 on.
    public static func start(
        _ script: String,
        output: borrowing FileDescriptor,
        descriptors: [Int32?] = []
    ) throws(SystemError) -> Int32 {
        try ChildProcess.spawn(
            path: "/bin/sh",
            arguments: ["sh", "-c", script],
            environment: ["PATH=/usr/bin:/bin"],
            descriptors: [nil, output.number, output.number] + descriptors
        )
    }

    /// Runs a script of /bin/sh to its end.
    public static func run(_ script: String, descriptors: [Int32?] = []) throws(SystemError) -> Outcome {
        let file = try Files.inMemory([])
        let end = try ChildProcess.wait(for: try start(script, output: file, descriptors: descriptors))
        try file.rewind()
        let lines = String(decoding: try file.readAll(limit: 16 << 20), as: UTF8.self)
        return Outcome(output: lines.hasSuffix("\n") ? String(lines.dropLast()) : lines, end: end)
    }
}
