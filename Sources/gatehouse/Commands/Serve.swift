internal import ArgumentParser
internal import Caching
internal import Configuration
internal import Database
internal import Linux
internal import Logging
internal import Observability
internal import WorkerPool

/// `gatehouse serve`: the supervisor, in the foreground.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the pool of workers in the foreground.",
        discussion:
            "TERM and QUIT finish what runs and end, INT ends at once, HUP reloads, USR2 upgrades; see docs/signals.md."
    )

    @OptionGroup var instance: InstanceOptions
    @OptionGroup var flags: SettingFlags

    func run() throws {
        try Failure.reporting {
            SignalDescriptor.blockAll()
            // One that was executed by descriptor would be called by its number.
            ThisProcess.setName("gatehouse")
            // Where this is the program that takes a supervisor's place, or tries whether it could.
            let succession = try Succession(environment: ThisProcess.environment())
            if case .reader? = succession?.heir { return }
            let directory = instance.directory
            try directory.checkAccess()
            try directory.prepare()
            let lock = try Self.lock(directory, succession)
            let shared = try SharedState(of: directory.path)
            // Whether the configuration is good is for its check to tell.
            let format = (try? Settings(directory: directory, flags: flags.settings))?.eventFormat ?? .json
            let log = Logger(label: "supervisor") { _ in EventLogHandler(process: "supervisor", format: format) }
            allowChanges(shared, log)
            let generations = shared.generations
            // A pool before this one may have been killed.
            generations.invalidateEverything()
            let program = PoolProgram(
                name: "gatehouse",
                configurationArguments: SupervisedProcess.check + directory.arguments + flags.arguments,
                workerArguments: SupervisedProcess.worker,
                companionArguments: SupervisedProcess.maintenance,
                sharedDescriptors: [shared.descriptor],
                trial: TrialRequest(
                    parameters: [
                        ("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/health"), ("REMOTE_ADDR", "127.0.0.1"),
                    ],
                    // Unhealthy is an answer too: what ails it may be what the reload is to mend.
                    accepts: { ["Status: 200", "Status: 503"].map { Array($0.utf8) }.contains(Array($0.prefix(11))) }
                ),
                // One that was killed may have committed a change and not told of it.
                workerEnded: { generations.invalidateEverything() }
            )
            let systemd = NotifySocket(environment: ThisProcess.environment())
            let supervisor = try Supervisor(
                program: program,
                commandPath: directory.commandSocket,
                lock: lock.number,
                succession: succession,
                activity: try shared.activity,
                board: try shared.board,
                log: log,
                observer: systemd.map(SystemdObserver.init)
            )
            if let failure = supervisor.run() {
                throw Failure(Failure.Kind(rawValue: failure.checkStatus) ?? .other, failure.reason)
            }
            withExtendedLifetime(lock) {}
            withExtendedLifetime(shared) {}
        }
    }

    /// Lets changes begin again where the disk failed in the life of a pool before this one.
    private func allowChanges(_ shared: SharedState, _ log: Logger) {
        guard shared.groupCommit.hasFailed else { return }
        do {
            let settings = try Settings(directory: instance.directory, flags: flags.settings)
            guard let file = settings.database(writingWith: shared).file else { return }
            try shared.groupCommit.recover(file)
            log.notice("the database's log that could not be synced is copied back; changes begin again")
        } catch {
            log.error(
                "the database's log cannot be copied back; changes stay refused",
                metadata: ["reason": "\(error)"]
            )
        }
    }

    /// Keeps a second supervisor away, or goes on doing so.
    private static func lock(_ directory: DataDirectory, _ succession: Succession?) throws -> FileLock {
        if let inherited = succession?.lock { return FileLock(inherited: FileDescriptor(owning: inherited)) }
        guard let lock = try FileLock(path: directory.lockFile) else {
            throw Failure("another gatehouse serves \(directory.path)")
        }
        return lock
    }
}
