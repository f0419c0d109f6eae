import Linux

/// A program that is run to its end.
struct Command {
    /// How it ended.
    let end: ProcessEnd
    let output: [UInt8]
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var succeeded: Bool { end == .exited(0) }

    /// Runs a program: a path, or the name of a tool of the system.
    ///
    /// - Throws: a ``Failure`` where it says nothing and does not end for that many seconds.
    static func run(
        _ program: String,
        _ arguments: [String],
        input: [UInt8] = [],
        environment: [String] = [],
        within seconds: Int32 = 30
    ) throws -> Command {
        let path = program.hasPrefix("/") ? program : try Program.tool(program)
        let standardInput = try Files.inMemory(input)
        let standardError = try Files.inMemory([])
        let ends = try Sockets.pair(kind: .stream)
        let ours = ends.first
        let theirs = ends.second
        let pid = try ChildProcess.spawn(
            path: path,
            arguments: [path] + arguments,
            environment: Program.environment(environment),
            descriptors: [standardInput.number, theirs.number, standardError.number]
        )
        _ = consume theirs
        try Sockets.setTimeouts(ours, milliseconds: seconds * 1000)
        let output: [UInt8]
        do throws(SystemError) {
            output = try ours.readAll(limit: 64 << 20)
        } catch {
            ChildProcess.send(.kill, to: pid)
            _ = try ChildProcess.wait(for: pid)
            throw Failure("\(path) \(arguments.joined(separator: " ")) did not end within \(seconds) s")
        }
        let end = try ChildProcess.wait(for: pid)
        try standardError.rewind()
        let errors = try standardError.readAll(limit: 1 << 20)
        return Command(end: end, output: output, errors: String(decoding: errors, as: UTF8.self))
    }

    /// Runs a program that must succeed, and gives what it wrote.
    @discardableResult
    static func succeed(
        _ program: String,
        _ arguments: [String],
        input: [UInt8] = [],
        environment: [String] = []
    ) throws -> String {
        let command = try run(program, arguments, input: input, environment: environment)
        guard command.succeeded else {
            throw Failure("\(program) \(arguments.joined(separator: " ")) \(command.end): \(command.errors)")
        }
        return command.text
    }
}
