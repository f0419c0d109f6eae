public import Linux
public import Logging

/// The process that owns the listening socket and keeps a pool of workers behind it; it serves no request itself.
///
/// One thread, one epoll set: signals, commands, and the control connections of the workers become events of
/// ``PoolState``, and its actions are carried out here.
public final class Supervisor {
    private let program: PoolProgram
    private let binaryPath: String
    private let log: Logger
    private let epoll: Epoll
    private let signals: SignalDescriptor
    private let commands: CommandSocket
    private let environment: [String]
    private let companion: CompanionProcess
    private let activity: PoolActivity?
    private let notice: SupervisorNotice?

    private var observer: (any PoolObserver)?
    private var isAnnouncedAsStopping = false
    private var state = PoolState()
    private var events: [PoolState.Event] = []
    private var listener: Int32 = -1
    private var statusListener: Int32?
    private var generations: [Int: Generation] = [:]
    private var processes: [Int: Process] = [:]
    private var check: (pid: Int32, generation: Int, deadline: Int64)?
    private var waitingForReload: [CommandConnection] = []
    private var logReopening = LogReopening()
    /// Connections over which no command has come yet, by their tokens.
    private var askers: [UInt64: CommandConnection] = [:]
    private var askersMade: UInt64 = 0
    private var ending: PoolFailure??
    private var lastCheckStatus: Int32 = 0

    private final class Process {
        let pid: Int32
        let control: FileDescriptor

        init(pid: Int32, control: consuming FileDescriptor) {
            self.pid = pid
            self.control = control
        }
    }

    /// Takes the command socket at `commandPath`; the caller holds the lock that keeps a second supervisor away.
    ///
    /// `SignalDescriptor.blockAll()` comes before. The observer, where there is one, hears how the pool fares; `activity` is
    /// where deaths and generations are counted, `board` where it is told how the pool is, if anywhere.
    public init(
        program: PoolProgram,
        commandPath: String,
        activity: PoolActivity? = nil,
        board: PoolBoard? = nil,
        log: Logger,
        observer: (any PoolObserver)? = nil
    ) throws(SystemError) {
        self.program = program
        self.activity = activity
        notice = board.flatMap(SupervisorNotice.init)
        self.log = log
        self.observer = observer
        binaryPath = try ThisProcess.executablePath()
        epoll = try Epoll()
        ThisProcess.keepDescriptorsFromChildren()
        // Whoever ignores SIGCHLD is told of no child's end, and whoever started this process may have ignored it.
        SignalDescriptor.restoreDefaults([.child])
        signals = try SignalDescriptor([.terminate, .quit, .interrupt, .hangUp, .user1, .child])
        commands = try CommandSocket(path: commandPath)
        environment = ThisProcess.environment()
        companion = CompanionProcess(
            name: program.companionArguments.first ?? "",
            environment: environment,
            log: log
        )
        try epoll.add(signals.number, .readable, token: Token.signals)
        try epoll.add(commands.number, .readable, token: Token.commands)
    }

    /// Runs the pool until it ends.
    ///
    /// - Returns: nil after an orderly end, else why the pool could not start.
    public func run() -> PoolFailure? {
        perform(.reload)
        while ending == nil || companion.isRunning {
            switch epoll.wait(milliseconds: 100) {
            case Token.signals: receiveSignals()
            case Token.commands: acceptCommand()
            case let token? where token >= Token.firstAsker: receiveCommand(token)
            case let token?: receive(from: Int(truncatingIfNeeded: token - Token.firstWorker))
            case nil: break
            }
            limitCheck()
            limitAskers()
            logReopening.tick(now: SystemClock.monotonicNanoseconds())
            perform(.tick)
            companion.tick()
            observer?.hear(.alive)
        }
        commands.remove()
        // A stop does not wait for a check.
        if let check { ChildProcess.send(.kill, to: check.pid) }
        return ending ?? nil
    }

    private enum Token {
        static let signals: UInt64 = 0
        static let commands: UInt64 = 1
        static let firstWorker: UInt64 = 2
        static let firstAsker: UInt64 = 1 << 32
    }

    // MARK: - Events

    private func receiveSignals() {
        while let signal = signals.next() {
            switch signal {
            case .terminate, .quit: perform(.stop)
            case .interrupt: perform(.quit)
            case .hangUp: perform(.reload)
            case .user1: reopenLogs(for: nil)
            case .child: reap()
            case .kill, .user2: break
            }
        }
    }

    private func acceptCommand() {
        guard let connection = commands.accept(now: SystemClock.monotonicNanoseconds()) else { return }
        let token = Token.firstAsker + askersMade
        askersMade += 1
        // Where the watch fails the connection ends here.
        guard (try? epoll.add(connection.number, .readable, token: token)) != nil else { return }
        askers[token] = connection
    }

    private func receiveCommand(_ token: UInt64) {
        guard let connection = askers.removeValue(forKey: token) else { return }
        epoll.remove(connection.number)
        switch connection.command() {
        case "reload":
            waitingForReload.append(connection)
            if state.isStopping { answerReload("error: the pool is stopping") }
            perform(.reload)
        case "stop":
            connection.answer("ok: stopping")
            perform(.stop)
        case "status":
            connection.answer(status())
        case "reopen-logs":
            reopenLogs(for: connection)
        default:
            connection.answer("error: the commands are reload, stop, status and reopen-logs")
        }
    }

    /// Has all processes open the files of their logs anew; its own events go to standard error, which is not its file.
    private func reopenLogs(for asker: CommandConnection?) {
        log.info("logs are opened anew")
        for worker in processes.keys { send(.reopenLogs, to: worker) }
        companion.reopenLogs()
        logReopening.begin(with: Array(processes.keys), for: asker, now: SystemClock.monotonicNanoseconds())
    }

    private func receive(from worker: Int) {
        guard let process = processes[worker] else { return }
        let packet = (try? process.control.read(upTo: ControlMessage.sizeLimit)) ?? []
        switch ControlMessage(bytes: packet) {
        case .ready: perform(.ready(worker: worker))
        case .failed(let reason): perform(.failed(worker: worker, reason: reason))
        case .logsReopened: logReopening.take(failure: nil, from: worker)
        case .logsNotReopened(let reason): logReopening.take(failure: reason, from: worker)
        case .alive, .retire, .drain, .quit, .reopenLogs, nil:
            // The end of the connection; the end of the process follows as a signal.
            if packet.isEmpty { epoll.remove(process.control.number) }
        }
    }

    private func reap() {
        while let (pid, end) = ChildProcess.reap() {
            if let check, check.pid == pid {
                self.check = nil
                let isLate = SystemClock.monotonicNanoseconds() > check.deadline
                finishCheck(of: check.generation, isLate ? "did not end within 10 s" : "\(end)", end)
            } else if companion.takeEnd(of: pid, end) {
                continue
            } else if let worker = processes.first(where: { $0.value.pid == pid })?.key {
                // What it said last may still wait to be read.
                receive(from: worker)
                processes[worker] = nil
                logReopening.forget(worker)
                for request in activity?.requests(leftBy: pid) ?? [] {
                    let metadata: Logger.Metadata = ["worker": "\(worker)", "request_id": "\(request)"]
                    log.error("worker ended under a request", metadata: metadata)
                }
                program.workerEnded()
                perform(.ended(worker: worker, end))
            }
        }
    }

    private func finishCheck(of number: Int, _ outcome: String, _ end: ProcessEnd) {
        guard let generation = generations[number] else { return }
        if case .exited(let status) = end { lastCheckStatus = status }
        guard end == .exited(0) else {
            let said = generation.reason()
            perform(.refused(generation: number, reason: said.isEmpty ? "the configuration check \(outcome)" : said))
            return
        }
        do {
            let settings = try generation.settings()
            if listener < 0 {
                listener = try ListeningSocket.make(settings, environment: environment).release()
            }
            // A version before may have had none, so that it can come with a reload.
            if statusListener == nil {
                statusListener = try ListeningSocket.makeForStatus(settings, environment: environment)?.release()
            }
            perform(.prepared(generation: number, settings: settings))
        } catch {
            perform(.refused(generation: number, reason: "\(error)"))
        }
    }

    /// A check that hangs is ended, and counts as refused.
    private func limitCheck() {
        guard let check, SystemClock.monotonicNanoseconds() > check.deadline else { return }
        ChildProcess.send(.kill, to: check.pid)
    }

    /// A peer that connects and asks nothing is turned away.
    private func limitAskers() {
        let now = SystemClock.monotonicNanoseconds()
        askers = askers.filter { _, connection in now < connection.deadline }
    }

    // MARK: - Actions

    private func perform(_ event: PoolState.Event) {
        events.append(event)
        // What an action leads to waits until all actions of its event are done.
        guard events.count == 1 else { return }
        while let event = events.first {
            for action in state.handle(event, now: SystemClock.monotonicNanoseconds()) { carryOut(action) }
            events.removeFirst()
        }
        notice?.tell(state)
        if state.isStopping, !isAnnouncedAsStopping {
            isAnnouncedAsStopping = true
            log.info("stopping")
            observer?.hear(.stopping)
        }
        let alive = Set(state.workers.map(\.generation))
        generations = generations.filter { number, _ in
            number == state.generation || alive.contains(number) || state.isReloading
        }
    }

    private func carryOut(_ action: PoolState.Action) {
        switch action {
        case .prepare(let generation):
            if state.generation > 0 {
                log.info("reloading")
                observer?.hear(.reloading)
            }
            prepare(generation)
        case .spawn(let worker, let generation, let slot): spawn(worker, generation, slot)
        case .retire(let worker): send(.retire, to: worker)
        case .drain(let worker): send(.drain, to: worker)
        case .quit(let worker): send(.quit, to: worker)
        case .kill(let worker):
            if let pid = processes[worker]?.pid { ChildProcess.send(.kill, to: pid) }
        case .serving(let generation, let workers):
            activity?.count(.generations)
            notice?.served(generation, workers: workers)
            log.info("serving", metadata: ["generation": "\(generation)", "workers": "\(workers)"])
            for notice in state.notices { log.warning("\(notice)") }
            observer?.hear(.serving(generation: generation, workers: workers))
            answerReload("ok: generation \(generation) serves with \(workers) workers")
            if !program.companionArguments.isEmpty, let serving = generations[generation] {
                companion.accompany(serving)
            }
        case .reloadFailed(let generation, let reason):
            activity?.count(.reloadFailures)
            log.error("reload failed", metadata: ["generation": "\(generation)", "reason": "\(reason)"])
            notice?.failed(reason)
            observer?.hear(.reloadFailed(serving: state.generation, reason: reason))
            answerReload("error: the reload failed and generation \(state.generation) serves on: \(reason)")
        case .died(let worker, let end, let delay):
            activity?.count(.deaths)
            // A worker leaves with status 0 only when somebody told it to.
            let (level, event): (Logger.Level, Logger.Message) =
                end == .exited(0) ? (.notice, "worker left") : (.error, "worker died")
            let milliseconds = delay / 1_000_000
            log.log(
                level: level,
                event,
                metadata: ["worker": "\(worker)", "end": "\(end)", "replaced_after_ms": "\(milliseconds)"]
            )
        case .exit(let reason):
            answerReload("error: the pool has stopped")
            // What the workers did last is looked after too.
            companion.stop()
            ending = .some(reason.map { PoolFailure(reason: $0, checkStatus: lastCheckStatus) })
        }
    }

    private func prepare(_ number: Int) {
        do throws(SystemError) {
            let generation = try Generation(number: number, binaryPath: binaryPath, program: program)
            generations[number] = generation
            let deadline = SystemClock.monotonicNanoseconds() + 10_000_000_000
            check = (try generation.startCheck(environment: environment), number, deadline)
        } catch {
            perform(.refused(generation: number, reason: "\(error)"))
        }
    }

    private func spawn(_ worker: Int, _ number: Int, _ slot: Int) {
        do throws(SystemError) {
            guard let generation = generations[number] else { return perform(.ended(worker: worker, .exited(127))) }
            let (pid, control) = try generation.startWorker(
                slot: slot,
                listener: listener,
                statusListener: statusListener,
                environment: environment
            )
            processes[worker] = Process(pid: pid, control: FileDescriptor(owning: control))
            try epoll.add(control, .readable, token: Token.firstWorker + UInt64(worker))
        } catch {
            perform(.failed(worker: worker, reason: "\(error)"))
            if let pid = processes[worker]?.pid {
                ChildProcess.send(.kill, to: pid)
            } else {
                perform(.ended(worker: worker, .exited(127)))
            }
        }
    }

    private func send(_ message: ControlMessage, to worker: Int) {
        // A worker that cannot be told has ended, or will be ended when its time is over.
        try? processes[worker]?.control.writeAll(message.bytes)
    }

    // MARK: - Answers

    private func answerReload(_ text: String) {
        for connection in waitingForReload { connection.answer(text) }
        waitingForReload = []
    }

    private func status() -> String {
        let workers = state.workers.map { worker in
            let pid = processes[worker.id].map { "\($0.pid)" } ?? "-"
            return "worker \(worker.slot)  generation \(worker.generation)  pid \(pid)  \(worker.phase)"
        }
        let condition =
            state.isStopping
            ? "error: the pool is stopping"
            : state.readyWorkers > 0
                ? "ok: generation \(state.generation) serves with \(state.readyWorkers) workers"
                : "error: no worker is ready"
        let failure = state.lastFailure.map { ["the last reload failed: \($0)"] } ?? []
        let notices = state.notices.map { "notice: \($0)" }
        let members = workers + [companion.status].compactMap { $0 }
        return ([condition] + notices + failure + members).joined(separator: "\n")
    }
}

/// Why a pool could not start.
public struct PoolFailure: Sendable, Equatable {
    /// One sentence for the operator.
    public let reason: String
    /// The exit status of the configuration check, 0 where that was not the reason.
    public let checkStatus: Int32
}
