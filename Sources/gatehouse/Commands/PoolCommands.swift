internal import ArgumentParser
internal import Linux
internal import WorkerPool

/// `gatehouse reload`: a new generation of workers, from the binary and the configuration on disk.
struct Reload: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replaces the workers by new ones; those that serve finish what runs.",
        discussion: "Returns when the new workers serve. If they cannot, the old ones serve on and the exit code is 1."
    )

    @OptionGroup var instance: InstanceOptions

    func run() throws { try PoolCommand.send("reload", to: instance.directory) }
}

/// `gatehouse stop`: finish what runs, then end.
struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Tells the pool to finish what runs and to end.")

    @OptionGroup var instance: InstanceOptions

    func run() throws { try PoolCommand.send("stop", to: instance.directory) }
}

/// `gatehouse status`: what the pool is doing; the exit code is 0 only while it serves.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows the generation that serves and its workers.",
        discussion: "With --json also the requests that run, the queue, totals and times, as /status has them."
    )

    @OptionGroup var instance: InstanceOptions
    @OptionGroup var output: JSONFlag

    func run() throws {
        guard output.json else { return try PoolCommand.send("status", to: instance.directory) }
        try Failure.reporting {
            try Output.write(try StatusQuery.document(of: instance.directory))
        }
    }
}

/// `gatehouse logs`: the files that the pool writes.
struct Logs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Opens the files of the logs anew.",
        subcommands: [Reopen.self]
    )

    struct Reopen: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Has all processes open the files of their logs anew; for who has moved them away.",
            discussion: "Returns when nothing more is written to the files before. Loses no line."
        )

        @OptionGroup var instance: InstanceOptions

        func run() throws { try PoolCommand.send("reopen-logs", to: instance.directory) }
    }
}

/// A command that goes to the supervisor and comes back in words.
private enum PoolCommand {
    static func send(_ command: String, to directory: DataDirectory) throws {
        try Failure.reporting {
            let answer: String
            do throws(SystemError) {
                answer = try CommandSocket.send(command, to: directory.commandSocket)
            } catch {
                guard error.isMissing || error.isRefused else { throw error }
                throw Failure(.notRunning, "no gatehouse serves \(directory.path)")
            }
            guard answer.hasPrefix("ok: ") else {
                let text = answer.hasPrefix("error: ") ? String(answer.dropFirst("error: ".count)) : answer
                throw Failure(text.isEmpty ? "the supervisor gave no answer" : text.trimmingNewline)
            }
            print(answer.dropFirst("ok: ".count), terminator: "")
        }
    }
}

extension String {
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
