import Linux

/// A program with a person at a terminal before it.
final class PseudoTerminal {
    private let ours: FileDescriptor
    private let name: String
    private let pid: Int32
    /// All that was shown so far.
    private(set) var screen = ""
    /// How much of it was there when the last answer was typed.
    private var answered = 0

    /// Starts the program with its three streams at the terminal.
    init(_ program: String, _ arguments: [String]) throws {
        let pair = try Terminal.makePair()
        ours = pair.person
        let theirs = pair.program
        try ours.setNonblocking(true)
        name = "\(program) \(arguments.joined(separator: " "))"
        pid = try ChildProcess.spawn(
            path: program,
            arguments: [program] + arguments,
            environment: Program.environment([]),
            descriptors: [theirs.number, theirs.number, theirs.number]
        )
    }

    /// Waits until the program asks, and types an answer.
    func answer(_ prompt: String, _ typed: String) throws {
        try eventually("\"\(prompt)\" of \(name)") {
            read()
            return screen.unicodeScalars.dropFirst(answered).contains(Array(prompt.unicodeScalars))
        }
        answered = screen.unicodeScalars.count
        try ours.writeAll(Array(typed.utf8))
    }

    /// Waits until the program has ended.
    func waitForEnd() throws -> ProcessEnd {
        try eventually("the end of \(name)") {
            read()
            return !ProcessTable.isRunning(pid)
        }
        read()
        return try ChildProcess.wait(for: pid)
    }

    /// Takes what has been shown; nothing is there yet, or nobody shows anything any more, is fine.
    private func read() {
        while let bytes = try? ours.read(upTo: 4096), !bytes.isEmpty {
            screen += String(decoding: bytes, as: UTF8.self)
        }
    }
}
