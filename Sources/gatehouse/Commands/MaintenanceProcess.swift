internal import ArgumentParser
internal import Linux
internal import Logging
internal import Observability
internal import WorkerPool

/// `gatehouse maintenance`: what is done once for all workers, in a process that the supervisor starts.
///
/// Descriptors: 2 the log, 3 the control connection, 4 the checked configuration, 5 the segment.
struct MaintenanceProcess: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "maintenance", shouldDisplay: false)

    @Option var generation: Int

    func run() throws {
        SignalDescriptor.blockAll()
        ThisProcess.setName("gatehouse")
        ThisProcess.limitMallocArenas(1)
        let control = FileDescriptor(owning: 3)
        var log = makeLog(.json)
        do {
            let settings = try Settings(json: try FileDescriptor(owning: 4).readAll(limit: 1 << 20))
            log = makeLog(settings.eventFormat)
            let shared = try SharedState(handed: FileDescriptor(owning: 5))
            let companion = try Companion(control: try control.duplicate(), log: log)
            let tasks = try MaintenanceComposition.tasks(
                settings: settings,
                shared: shared,
                log: log,
                isToldToEnd: companion.isToldToEnd
            )
            try companion.run(tasks)
        } catch {
            Worker.report(failure: "\(error)", to: control)
            throw ExitCode(Failure.Kind.other.rawValue)
        }
    }

    private func makeLog(_ format: EventLogHandler.Format) -> Logger {
        var log = Logger(label: "maintenance") { _ in EventLogHandler(process: "maintenance", format: format) }
        log[metadataKey: "generation"] = "\(generation)"
        return log
    }
}
