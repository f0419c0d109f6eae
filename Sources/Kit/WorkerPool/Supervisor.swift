public import Linux
public import Logging

/// The process that owns the listening socket and keeps a pool of workers behind it; it serves no request itself.
///
/// One thread, one epoll set: signals, commands, and the control connections of the workers become events of
/// ``PoolState``, and its actions are carried out here.
public final class Supervisor {
    let program: PoolProgram
    let binaryPath: String
    let log: Logger
    let epoll: Epoll
    private let signals: SignalDescriptor
    let commands: CommandSocket
    let environment: [String]
    let companion: CompanionProcess
    private let activity: PoolActivity?
    private let notice: SupervisorNotice?

    private var observer: (any PoolObserver)?
    private var isAnnouncedAsStopping = false
    var state = PoolState()
    private var events: [PoolState.Event] = []
    var listener: Int32 = -1
    var statusListener: Int32?
    var generations: [Int: Generation] = [:]
    var processes: [Int: PoolProcess] = [:]
    private var check: (pid: Int32, generation: Int, deadline: Int64)?
    /// Those who wait for the generation that is on its way, and for the one after it.
    var waitingForReload: [CommandConnection] = []
    var waitingForNext: [CommandConnection] = []
    private var trials: [Int: Trial] = [:]
    private var logReopening = LogReopening()
    /// Connections over which no command has come yet, by their tokens.
    var askers: [UInt64: CommandConnection] = [:]
    private var askersMade: UInt64 = 0
    private var ending: PoolFailure??
    private var lastCheckStatus: Int32 = 0
    private var outOfMemoryKills = ProcessMemory.outOfMemoryKills()
    /// The descriptor that keeps other supervisors away; a successor gets it.
    let lock: Int32?
    private var succession: Succession?
    /// A generation that waits for the listening socket, which workers of a supervisor before hold.
    var awaited: (settings: PoolSettings, generation: Int, deadline: Int64)?
    /// The sockets that such workers have brought.
    var broughtListener: FileDescriptor?
    var broughtStatusListener: FileDescriptor?
    /// The child that reads what a successor would get.
    var reader: Reader?

    /// Takes the command socket at `commandPath`, or goes on where a supervisor before has left this process.
    ///
    /// `SignalDescriptor.blockAll()` comes before. The observer, where there is one, hears how the pool fares; `activity` is
    /// where deaths and generations are counted, `board` where it is told how the pool is, if anywhere. `lock` is the number
    /// of a descriptor that keeps a second supervisor away; its owner is the caller.
    public init(
        program: PoolProgram,
        commandPath: String,
        lock: Int32? = nil,
        succession: Succession? = nil,
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
        self.lock = lock
        self.succession = succession
        binaryPath = if let path = succession?.binaryPath { path } else { try ThisProcess.executablePath() }
        epoll = try Epoll()
        ThisProcess.keepDescriptorsFromChildren()
        // Whoever ignores SIGCHLD is told of no child's end, and whoever started this process may have ignored it.
        SignalDescriptor.restoreDefaults([.child])
        signals = try SignalDescriptor([
            .terminate, .quit, .interrupt, .hangUp, .user1, .user2, .terminalInput, .terminalOutput, .windowChange,
            .child,
        ])
        commands =
            if let inherited = succession?.descriptor("commands") {
                CommandSocket(path: commandPath, inherited: FileDescriptor(owning: inherited))
            } else {
                try CommandSocket(path: commandPath)
            }
        environment = Succession.cleaned(ThisProcess.environment())
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
        if let succession { resume(succession) } else { perform(.reload()) }
        succession = nil
        while ending == nil || companion.isRunning {
            switch epoll.wait(milliseconds: 100) {
            case Token.signals: receiveSignals()
            case Token.commands: acceptCommand()
            case let token? where token >= Token.firstAsker: receiveCommand(token)
            case let token? where token >= Token.firstTrial: judge(Int(truncatingIfNeeded: token - Token.firstTrial))
            case let token?: receive(from: Int(truncatingIfNeeded: token - Token.firstWorker))
            case nil: break
            }
            limitCheck()
            limitAskers()
            logReopening.tick(now: SystemClock.monotonicNanoseconds())
            listenAgain()
            perform(.tick)
            companion.tick()
            observer?.hear(.alive)
        }
        commands.remove()
        // A stop does not wait for a check.
        if let check { ChildProcess.send(.kill, to: check.pid) }
        if let reader { ChildProcess.send(.kill, to: reader.pid) }
        log.info("ends")
        return ending ?? nil
    }

    enum Token {
        static let signals: UInt64 = 0
        static let commands: UInt64 = 1
        static let firstWorker: UInt64 = 2
        static let firstTrial: UInt64 = 1 << 32
        static let firstAsker: UInt64 = 1 << 33
    }

    // MARK: - Events

    private func receiveSignals() {
        while let signal = signals.next() {
            switch signal {
            case .terminate, .quit: perform(.stop)
            case .interrupt: perform(.quit)
            case .hangUp: perform(.reload())
            case .user2: perform(.reload(.upgrade))
            case .terminalInput: perform(.resize(by: 1))
            case .terminalOutput: perform(.resize(by: -1))
            case .windowChange: perform(.pause)
            case .user1: reopenLogs(for: nil)
            case .child: reap()
            case .kill: break
            }
        }
    }

    private func acceptCommand() {
        guard let connection = commands.accept(now: SystemClock.monotonicNanoseconds()) else { return }
        listen(to: connection)
    }

    func listen(to connection: CommandConnection) {
        let token = Token.firstAsker + askersMade
        askersMade += 1
        // Where the watch fails the connection ends here.
        guard (try? epoll.add(connection.number, .readable, token: token)) != nil else { return }
        askers[token] = connection
    }

    private func receiveCommand(_ token: UInt64) {
        guard let connection = askers.removeValue(forKey: token) else { return }
        epoll.remove(connection.number)
        var packet = connection.read()
        let command = CommandConnection.command(packet?.bytes ?? [])
        if let orphan = Orphan(command: command) {
            guard let control = packet?.take(), let listener = packet?.take() else { return }
            return adopt(orphan, control, listener, packet?.take())
        }
        switch command {
        case "reload": reload(.reload, for: connection)
        case "upgrade": reload(.upgrade, for: connection)
        case "stop":
            connection.answer("ok: stopping")
            perform(.stop)
        case "stop quick":
            connection.answer("ok: stopping at once")
            perform(.quit)
        case "workers add": resize(by: 1, for: connection)
        case "workers remove": resize(by: -1, for: connection)
        case "workers drain": pause(for: connection)
        case "status":
            connection.answer(status())
        case "reopen-logs":
            reopenLogs(for: connection)
        default:
            connection.answer("error: the commands are reload, upgrade, stop, workers, status and reopen-logs")
        }
    }

    /// Has all processes open the files of their logs anew; its own events go to standard error, which is not its file.
    private func reopenLogs(for asker: CommandConnection?) {
        log.info("logs are opened anew")
        for worker in processes.keys { send(.reopenLogs, to: worker) }
        companion.reopenLogs()
        logReopening.begin(with: Array(processes.keys), for: asker, now: SystemClock.monotonicNanoseconds())
    }

    /// Answered when the generation serves that follows from it, or when there will be none.
    private func reload(_ purpose: PoolState.Purpose, for connection: CommandConnection) {
        guard !state.isStopping else { return connection.answer("error: the pool is stopping") }
        waitingForNext.append(connection)
        perform(.reload(purpose))
    }

    private func resize(by count: Int, for connection: CommandConnection) {
        guard !state.isStopping, state.generation > 0 else { return connection.answer("error: no generation serves") }
        let before = state.target
        perform(.resize(by: count))
        connection.answer(
            state.target == before
                ? "error: the pool has \(Self.workers(before)), and there is no more or less of them than that"
                : "ok: the pool is to have \(Self.workers(state.target))"
        )
    }

    private func pause(for connection: CommandConnection) {
        perform(.pause)
        connection.answer(
            state.target == 0 && !state.isStopping
                ? "ok: the workers finish what runs and end; a reload or workers add brings some back"
                : "error: there is nothing to drain now: the pool starts, reloads or stops"
        )
    }

    private func receive(from worker: Int) {
        guard let process = processes[worker] else { return }
        var packet: [UInt8] = []
        do throws(SystemError) {
            packet = try process.control.read(upTo: ControlMessage.sizeLimit)
        } catch {
            // Any other failure is the end of the connection.
            if error.isTemporary { return }
        }
        switch ControlMessage(bytes: packet) {
        case .ready: perform(.ready(worker: worker))
        case .failed(let reason): perform(.failed(worker: worker, reason: reason))
        case .logsReopened: logReopening.take(failure: nil, from: worker)
        case .logsNotReopened(let reason): logReopening.take(failure: reason, from: worker)
        case .faults(let count): perform(.faults(worker: worker, count: count))
        case .worn(let reason): perform(.worn(worker: worker, reason: reason))
        case .heirless: perform(.heirless(worker: worker))
        case .alive: perform(.alive(worker: worker))
        case .take, .accept, .retire, .inherit, .drain, .quit, .reopenLogs, nil:
            // The end of the connection; the end of the process follows as a signal.
            if packet.isEmpty {
                epoll.remove(process.control.number)
                noteEndOfAdopted(worker)
            }
        }
    }

    /// Reads what a worker answers to the request that it is tried with.
    private func judge(_ worker: Int) {
        guard let trial = trials[worker] else { return }
        switch trial.read() {
        case .open: return
        case .passed:
            trials[worker] = nil
            perform(.proved(worker: worker))
        case .failed(let reason):
            trials[worker] = nil
            perform(.failed(worker: worker, reason: reason))
        }
    }

    func reap() {
        while let (pid, end) = ChildProcess.reap() {
            if let check, check.pid == pid {
                self.check = nil
                let isLate = SystemClock.monotonicNanoseconds() > check.deadline
                finishCheck(of: check.generation, isLate ? "did not end within 10 s" : "\(end)", end)
            } else if let reader, reader.pid == pid {
                self.reader = nil
                finishSuccession(reader, end)
            } else if companion.takeEnd(of: pid, end) {
                continue
            } else if let worker = processes.first(where: { $0.value.pid == pid })?.key {
                // What it said last may still wait to be read.
                receive(from: worker)
                forget(worker, pid, end)
            }
        }
    }

    func forget(_ worker: Int, _ pid: Int32, _ end: ProcessEnd) {
        processes[worker] = nil
        trials[worker] = nil
        logReopening.forget(worker)
        for request in activity?.requests(leftBy: pid) ?? [] {
            let metadata: Logger.Metadata = ["worker": "\(worker)", "request_id": "\(request)"]
            log.error("worker ended under a request", metadata: metadata)
        }
        program.workerEnded()
        if end == .killed(signal: Signal.kill.rawValue), !state.hasKilled(worker), !hasRunOutOfMemory() {
            activity?.excuseRequests(leftBy: pid)
            perform(.killed(worker: worker))
        } else {
            perform(.ended(worker: worker, end))
        }
    }

    /// Whether the kernel has killed processes for want of memory since this was asked last.
    private func hasRunOutOfMemory() -> Bool {
        let kills = ProcessMemory.outOfMemoryKills()
        defer { outOfMemoryKills = kills }
        return kills != outOfMemoryKills
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
            try listen(settings, for: number)
        } catch {
            perform(.refused(generation: number, reason: "\(error)"))
        }
    }

    /// A check that hangs is ended, and counts as refused.
    private func limitCheck() {
        let now = SystemClock.monotonicNanoseconds()
        if let check, now > check.deadline { ChildProcess.send(.kill, to: check.pid) }
        if let reader, now > reader.deadline { ChildProcess.send(.kill, to: reader.pid) }
    }

    /// A peer that connects and asks nothing is turned away.
    private func limitAskers() {
        let now = SystemClock.monotonicNanoseconds()
        askers = askers.filter { _, connection in now < connection.deadline }
    }

    // MARK: - Actions

    func perform(_ event: PoolState.Event) {
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
        let needed = state.generationsInUse
        generations = generations.filter { number, _ in needed.contains(number) }
    }

    private func carryOut(_ action: PoolState.Action) {
        switch action {
        case .prepare(let generation):
            if state.generation > 0 {
                log.info("reloading")
                observer?.hear(.reloading)
            }
            waitingForReload += waitingForNext
            waitingForNext = []
            prepare(generation)
        case .restore(let generation, let good): restore(generation, of: good)
        case .spawn(let worker, let generation, let slot): spawn(worker, generation, slot)
        case .prove(let worker): prove(worker)
        case .accept(let worker): send(.accept, to: worker)
        case .retire(let worker, let heir): retire(worker, heir)
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
            // After an upgrade it is the successor's to answer.
            if state.succession == .none {
                answerReload("ok: generation \(generation) serves with \(Self.workers(workers))")
            }
            if !program.companionArguments.isEmpty, let serving = generations[generation] {
                companion.accompany(serving)
            }
        case .reloadFailed(let generation, let reason):
            activity?.count(.reloadFailures)
            log.error("reload failed", metadata: ["generation": "\(generation)", "reason": "\(reason)"])
            notice?.failed(reason)
            observer?.hear(.reloadFailed(serving: state.generation, reason: reason))
            answerReload("error: the reload failed and generation \(state.generation) serves on: \(reason)")
        case .takeBack(let generation, let reason):
            log.error("generation is taken back", metadata: ["generation": "\(generation)", "reason": "\(reason)"])
            notice?.failed("generation \(generation) was taken back: \(reason)")
        case .good(let generation): log.info("generation is good", metadata: ["generation": "\(generation)"])
        case .silent(let worker):
            let metadata: Logger.Metadata = ["worker": "\(worker)"]
            log.error("worker is silent, as one that was stopped is: it is ended by force", metadata: metadata)
        case .recycle(let worker, let reason):
            log.notice("worker is replaced", metadata: ["worker": "\(worker)", "reason": "\(reason)"])
        case .replaceSupervisor: beginSuccession()
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
            waitingForReload += waitingForNext
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

    private func restore(_ number: Int, of good: Int) {
        do throws(SystemError) {
            generations[number] = try generations[good].map { earlier throws(SystemError) in
                try Generation(number: number, of: earlier)
            }
        } catch {
            perform(.refused(generation: number, reason: "\(error)"))
        }
    }

    /// Has a worker answer a request that comes from here.
    func prove(_ worker: Int) {
        guard let request = program.trial else { return perform(.proved(worker: worker)) }
        do throws(SystemError) {
            guard let process = processes[worker] else { return }
            let pair = try Sockets.pair(kind: .stream)
            try pair.first.setNonblocking(true)
            try Sockets.send(ControlMessage.take.bytes, passing: [pair.second.number], over: process.control)
            let trial = try Trial(request, over: pair.first)
            try epoll.add(trial.number, .readable, token: Token.firstTrial + UInt64(worker))
            trials[worker] = trial
        } catch {
            perform(.failed(worker: worker, reason: "a new worker could not be tried: \(error)"))
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
            processes[worker] = PoolProcess(pid: pid, control: FileDescriptor(owning: control))
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

    /// Tells a worker to end, and introduces it to the one that takes its kept connections.
    private func retire(_ worker: Int, _ heir: Int?) {
        do throws(SystemError) {
            guard let old = processes[worker], let heir = heir.flatMap({ processes[$0] }) else {
                return send(.retire, to: worker)
            }
            let pair = try Sockets.pair(kind: .packets)
            try Sockets.send(ControlMessage.inherit.bytes, passing: [pair.first.number], over: heir.control)
            try Sockets.send(ControlMessage.retire.bytes, passing: [pair.second.number], over: old.control)
        } catch {
            send(.retire, to: worker)
        }
    }

    func send(_ message: ControlMessage, to worker: Int) {
        // A worker that cannot be told has ended, or will be ended when its time is over.
        try? processes[worker]?.control.writeAll(message.bytes)
    }

    // MARK: - Answers

    func answerReload(_ text: String) {
        for connection in waitingForReload { connection.answer(text) }
        waitingForReload = []
    }

    static func workers(_ count: Int) -> String { count == 1 ? "1 worker" : "\(count) workers" }

    private var condition: String {
        if state.isStopping { return "error: the pool is stopping" }
        if state.readyWorkers > 0 {
            return state.generation > 0
                ? "ok: generation \(state.generation) serves with \(Self.workers(state.readyWorkers))"
                : "ok: the workers of the supervisor before serve until the first generation does"
        }
        return state.generation > 0 && state.target == 0
            ? "error: the workers were drained; a reload or workers add brings some back"
            : "error: no worker is ready"
    }

    private func status() -> String {
        let workers = state.workers.map { worker in
            let pid = processes[worker.id].map { "\($0.pid)" } ?? "-"
            return "worker \(worker.slot)  generation \(worker.generation)  pid \(pid)  \(worker.phase)"
        }
        let degradation = state.degradation.map { ["degraded: \($0)"] } ?? []
        let notices = state.notices.map { "notice: \($0)" }
        let members = workers + [companion.status].compactMap { $0 }
        return ([condition] + notices + degradation + members).joined(separator: "\n")
    }
}

/// Why a pool could not start.
public struct PoolFailure: Sendable, Equatable {
    /// One sentence for the operator.
    public let reason: String
    /// The exit status of the configuration check, 0 where that was not the reason.
    public let checkStatus: Int32
}
