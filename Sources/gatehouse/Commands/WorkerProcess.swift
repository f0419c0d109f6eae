internal import ArgumentParser
internal import FastCGI
internal import Linux
internal import Logging
internal import Observability
internal import WorkerPool

/// `gatehouse worker`: one process of the pool, started by the supervisor.
///
/// Descriptors: 0 the listening socket, 1 the status socket, 2 the log, 3 the control connection, 4 the checked configuration, 5 the segment.
struct WorkerProcess: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    @Option var generation: Int
    @Option var slot: Int

    func run() throws {
        SignalDescriptor.blockAll()
        guard Sockets.isListening(0) else {
            StandardError.writeLine("gatehouse: a worker is started by gatehouse serve")
            throw ExitCode(Failure.Kind.other.rawValue)
        }
        ThisProcess.setName("gatehouse")
        // Four arenas: with one for each thread, a worker at rest had twice the memory.
        ThisProcess.limitMallocArenas(4)
        ThisProcess.raiseDescriptorLimit()
        let control = FileDescriptor(owning: 3)
        var log = makeLog(.json)
        do {
            try FastCGILibrary.initialize()
            let settings = try Settings(json: try FileDescriptor(owning: 4).readAll(limit: 1 << 20))
            log = makeLog(settings.eventFormat)
            let shared = try SharedState(handed: FileDescriptor(owning: 5))
            let worker = try Worker(
                options: try settings.worker(generation: generation, slot: slot),
                listener: FileDescriptor(owning: 0),
                control: try control.duplicate(),
                // A supervisor of a version before gives none.
                statusListener: Sockets.isListening(1) ? FileDescriptor(owning: 1) : nil,
                place: BoardPlace(on: try shared.board, generation: generation, slot: slot),
                program: try WorkerComposition(
                    settings: settings,
                    shared: shared,
                    slot: slot,
                    log: log
                ),
                log: log
            )
            try worker.run()
        } catch {
            Worker.report(failure: "\(error)", to: control)
            log.error("worker cannot start", metadata: ["reason": "\(error)"])
            ThisProcess.exitImmediately(Failure.Kind.other.rawValue)
        }
        // Threads that were given up may still run; nothing of theirs is waited for.
        ThisProcess.exitImmediately(0)
    }

    private func makeLog(_ format: EventLogHandler.Format) -> Logger {
        var log = Logger(label: "worker") { _ in EventLogHandler(process: "worker", format: format) }
        log[metadataKey: "generation"] = "\(generation)"
        log[metadataKey: "slot"] = "\(slot)"
        return log
    }
}
