internal import ArgumentParser
internal import JSON
internal import Linux
internal import WorkerPool

/// `gatehouse reload`: a new generation of workers, from the binary and the configuration on disk.
struct Reload: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Replaces the workers by new ones; those that serve finish what runs.",
        discussion: "Returns when the new workers serve. If they cannot, the old ones serve on and the exit code is 1."
    )

    @OptionGroup var instance: InstanceOptions
    @OptionGroup var output: JSONFlag

    func run() throws { try PoolCommand.send("reload", to: instance.directory, output) }
}

/// `gatehouse upgrade`: the same, and then the supervisor becomes the program on disk too.
struct Upgrade: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade",
        abstract: "Replaces workers and supervisor by the program on disk; a downgrade is the same.",
        discussion:
            "As reload, and when the new workers serve the supervisor replaces itself: same process, same sockets."
    )

    @OptionGroup var instance: InstanceOptions
    @OptionGroup var output: JSONFlag

    func run() throws { try PoolCommand.send("upgrade", to: instance.directory, output) }
}

/// `gatehouse workers`: more or fewer of them, until the next reload.
struct Workers: ParsableCommand {
    enum Change: String, CaseIterable, ExpressibleByArgument {
        case add
        case remove
        case drain
    }

    static let configuration = CommandConfiguration(
        commandName: "workers",
        abstract: "Adds a worker, takes one away, or drains all, until the next reload.",
        discussion:
            "Workers that go finish what runs. Where all are drained, requests wait until some are brought back."
    )

    @Argument(help: "add, remove or drain.")
    var change: Change

    @OptionGroup var instance: InstanceOptions
    @OptionGroup var output: JSONFlag

    func run() throws { try PoolCommand.send("workers \(change.rawValue)", to: instance.directory, output) }
}

/// `gatehouse stop`: finish what runs, then end.
struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Tells the pool to finish what runs and to end."
    )

    @Flag(help: "Cuts off what runs.")
    var quick = false

    @OptionGroup var instance: InstanceOptions
    @OptionGroup var output: JSONFlag

    func run() throws { try PoolCommand.send(quick ? "stop quick" : "stop", to: instance.directory, output) }
}

/// `gatehouse status`: what the pool is doing; the exit code is 0 only while it serves.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows the generation that serves, its workers, and how long requests take.",
        discussion: "With --json also the requests that run, the queue, totals and times, as /status has them."
    )

    @OptionGroup var instance: InstanceOptions
    @OptionGroup var output: JSONFlag

    func run() throws {
        try Failure.reporting {
            guard !output.json else { return try Output.json(try StatusQuery.document(of: instance.directory)) }
            let answer = try PoolCommand.ask("status", of: instance.directory)
            // The supervisor knows who serves, a worker how well; where none answers soon, that is not worth waiting for.
            let document = try? StatusQuery.document(of: instance.directory, patience: 1000)
            let lines = document.flatMap(StatusView.init)?.summary ?? []
            // In one piece: who reads the first line only must not end the command.
            try Output.write(Array((answer + lines.map { "\($0)\n" }.joined()).utf8))
        }
    }
}

/// `gatehouse logs`: the files that the pool writes.
struct Logs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Opens the files of the logs anew.",
        subcommands: [Reopen.self]
    )

    struct Reopen: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reopen",
            abstract: "Has all processes open the files of their logs anew; for who has moved them away.",
            discussion: "Returns when nothing more is written to the files before. Loses no line."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var output: JSONFlag

        func run() throws { try PoolCommand.send("reopen-logs", to: instance.directory, output) }
    }
}

/// A command that goes to the supervisor and comes back in words.
private enum PoolCommand {
    static func send(_ command: String, to directory: DataDirectory, _ output: JSONFlag) throws {
        try Failure.reporting {
            guard !output.json else { return try show(try exchange(command, directory)) }
            try Output.write(Array(try ask(command, of: directory).utf8))
        }
    }

    /// What the supervisor says where all is well; else a ``Failure`` says it.
    static func ask(_ command: String, of directory: DataDirectory) throws -> String {
        let answer = try exchange(command, directory)
        guard answer.hasPrefix("ok: ") else {
            let text = answer.hasPrefix("error: ") ? String(answer.dropFirst("error: ".count)) : answer
            throw Failure(text.isEmpty ? "the supervisor gave no answer" : text.trimmingNewline)
        }
        return String(answer.dropFirst("ok: ".count))
    }

    private static func exchange(_ command: String, _ directory: DataDirectory) throws -> String {
        do throws(SystemError) {
            return try CommandSocket.send(command, to: directory.commandSocket)
        } catch {
            guard error.isMissing || error.isRefused else { throw error }
            throw Failure(.notRunning, "no gatehouse serves \(directory.path)")
        }
    }

    /// For programs: the same sentence, and whether it is a good one, as the exit code says too.
    private static func show(_ answer: String) throws {
        let isDone = answer.hasPrefix("ok: ")
        let text = answer.trimmingNewline
        try Output.document { writer in
            writer.object { document in
                document.member("ok", isDone)
                document.member("message", text.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? "")
            }
        }
        if !isDone { throw ExitCode(Failure.Kind.other.rawValue) }
    }
}

extension String {
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
