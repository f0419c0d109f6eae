internal import FastCGI
public import Linux
public import Logging
internal import Synchronization

/// One worker process: M handler threads on one epoll set, and this, the control thread.
///
/// The process was started by the supervisor with the listening socket on descriptor 0 and the control connection on
/// descriptor 3. All signals are blocked on all threads: a handler that runs on a handler thread would cut the body
/// that libfcgi reads or writes there. TERM, QUIT and INT are read from a descriptor by the control thread.
public final class Worker {
    /// What the control thread is woken by, beside connections that were slow to send.
    private enum Wake: UInt64 {
        case control, signal, status, leave, heir
        /// The first of those who leave their connections to this worker.
        case firstInheritance
    }

    /// How often the control thread looks after what no event tells of, in nanoseconds.
    private static let round: Int64 = 100_000_000

    private let state: WorkerState
    private let program: any WorkerProgram
    private let housekeeping: any Housekeeping
    private let log: Logger
    private var control: FileDescriptor
    private let signals: SignalDescriptor
    private let statusDesk: StatusDesk?
    private let notice: WorkerNotice?
    /// The control thread's own place for looking at connections that send slowly.
    private let inspector = FastCGI.Request()
    private let endedThreads = Semaphore(permits: 0)
    /// The supervisor has said that connections may be accepted.
    private var isAccepting = false
    private var draining: WorkerDrain?
    /// Kept connections are waited for until they have been handed over, or the web server closes them.
    private var waitsForKept = false
    private let retirement: WorkerRetirement
    /// Workers that leave their connections to this one, by the tokens of their channels.
    private var inheritances: [UInt64: Handover] = [:]
    private var nextInheritance = Wake.firstInheritance.rawValue
    private var nextRound: Int64 = 0
    private var nextMemoryLook: Int64 = 0
    private var faultsTold = 0
    private let limits: WearLimits
    private let began = SystemClock.monotonicNanoseconds()
    private var isWorn = false
    /// Since when there has been no supervisor.
    private var orphanedSince: Int64?
    private var pulse: Pulse?
    /// A supervisor has been offered this worker and has neither answered nor gone.
    private var isOffered = false

    /// Takes over the listening socket, the control connection, and the status socket where there is one; `place` is where
    /// the worker says how it is.
    ///
    /// `SignalDescriptor.blockAll()` and `FastCGILibrary.initialize()` come before.
    public init(
        options: WorkerOptions,
        listener: consuming FileDescriptor,
        control: consuming FileDescriptor,
        statusListener: consuming FileDescriptor? = nil,
        place: BoardPlace? = nil,
        program: any WorkerProgram,
        log: Logger
    ) throws {
        // What a crash starts, such as a program that writes a backtrace, must hold neither socket open.
        try listener.setCloseOnExec(true)
        ThisProcess.keepDescriptorsFromChildren()
        let state = try WorkerState(options: options, listener: listener)
        self.state = state
        retirement = WorkerRetirement(state)
        limits = options.wear.jittered(by: .random(in: 0...1))
        self.program = program
        housekeeping = try program.makeHousekeeping()
        self.log = log
        notice = place.flatMap { WorkerNotice(at: $0, threads: options.threads) }
        self.control = control
        signals = try SignalDescriptor([.terminate, .quit, .interrupt, .user1])
        let view = WorkerView { state.isDraining.load(ordering: .sequentiallyConsistent) }
        if let statusListener, let respond = try program.makeStatusResponder(view) {
            try statusListener.setCloseOnExec(true)
            statusDesk = try StatusDesk(listener: statusListener, allows: { state.allows($0) }, respond: respond)
        } else {
            statusDesk = nil
        }
        try state.control.add(self.control.number, .readable, token: Wake.control.rawValue)
        try state.control.add(signals.number, .readable, token: Wake.signal.rawValue)
        if let statusDesk { try state.control.add(statusDesk.number, .readable, token: Wake.status.rawValue) }
        try state.control.add(state.leave.number, .readable, token: Wake.leave.rawValue)
    }

    /// Tells the supervisor that the worker cannot start; for failures before there is a worker.
    public static func report(failure: String, to control: borrowing FileDescriptor) {
        try? control.writeAll(ControlMessage.failed(failure).bytes)
    }

    /// Serves until it is told to end, and returns when the process may exit with status 0.
    ///
    /// - Throws: what kept a thread from starting; the supervisor has been told.
    public func run() throws {
        let threads = try startThreads()
        try control.writeAll(ControlMessage.ready.bytes)
        pulse = try Pulse(over: control)
        defer { pulse?.end() }
        log.info("worker is ready", metadata: ["threads": "\(threads)"])
        while !isDone() {
            let token = state.control.wait(milliseconds: draining == nil ? 100 : 5)
            switch token.flatMap(Wake.init(rawValue:)) {
            case .control: receive()
            case .signal: receiveSignal()
            case .status: statusDesk?.serve()
            case .leave: state.leave.clear()
            case .heir, .firstInheritance, nil: break
            }
            if let token { inherit(token) }
            if draining != nil { leaveKept() }
            for connection in state.waiting.partial { lookAgain(at: connection) }
            for connection in state.waiting.answered { discard(from: connection) }
            let now = SystemClock.monotonicNanoseconds()
            guard now >= nextRound else { continue }
            nextRound = now + Self.round
            lookAfterConnections(now)
            statusDesk?.lookAfterConnections(now: now)
            housekeeping.tick()
            tellFaults()
            notice?.tell(state, condition: housekeeping.condition() ?? "")
            tellWear(now)
            lookForSupervisor(now)
        }
        // What a thread has opened it closes as it leaves.
        log.info("closing databases")
        try stopThreads()
        log.info("closing caches")
        housekeeping.finish()
        log.info("ends")
    }

    // MARK: - Threads

    /// Starts all handler threads and waits until each waits for requests.
    private func startThreads() throws -> Int {
        let outcomes = Outcomes()
        for (index, slot) in state.slots.enumerated() {
            let state = state
            let program = program
            let endedThreads = endedThreads
            let name = index < state.options.threads ? "handler-\(index)" : "heavy-\(index - state.options.threads)"
            let lane = index < state.options.threads ? nil : state.lane
            _ = try Thread(name: name) {
                do {
                    try Self.serve(state, slot, lane, program, outcomes)
                } catch {
                    outcomes.add("\(error)")
                }
                endedThreads.signal()
            }
        }
        if let failure = outcomes.wait(for: state.slots.count) {
            Self.report(failure: failure, to: control)
            throw StartFailure(description: failure)
        }
        return state.slots.count
    }

    /// The life of a handler thread; what is the thread's own has been given back when it returns.
    private static func serve(
        _ state: WorkerState,
        _ slot: ThreadSlot,
        _ lane: HeavyLane?,
        _ program: any WorkerProgram,
        _ outcomes: Outcomes
    ) throws {
        let thread = HandlerThread(state: state, slot: slot, handler: try program.makeHandler())
        outcomes.add(nil)
        if let lane { thread.run(in: lane) } else { thread.run() }
    }

    /// Waits until the threads have left and closed what is theirs, one of which may have taken a request just now.
    ///
    /// One that is stuck past the end of the drain ends with the process.
    private func stopThreads() throws {
        try state.stopThreads()
        let now = SystemClock.monotonicNanoseconds()
        let deadline = max(draining?.deadline ?? 0, now + 1_000_000_000)
        for _ in state.slots {
            guard endedThreads.wait(nanoseconds: deadline - SystemClock.monotonicNanoseconds()) else { return }
        }
    }

    // MARK: - Messages

    private func receive() {
        var packet: Sockets.Packet
        do throws(SystemError) {
            guard let next = try Sockets.receive(upTo: ControlMessage.sizeLimit, from: control) else { return }
            packet = next
        } catch {
            return loseSupervisor()
        }
        if !packet.bytes.isEmpty, orphanedSince != nil {
            orphanedSince = nil
            isOffered = false
            pulse = try? Pulse(over: control)
            log.info("another supervisor has taken this worker over")
        }
        switch ControlMessage(bytes: packet.bytes) {
        case .take:
            while let connection = packet.take() { state.wait(for: connection, isWatched: false) }
        case .accept:
            isAccepting = true
            statusDesk?.open()
            // Where the kernel has no memory for it now, the next round tries again.
            try? state.refreshListener()
        case .retire:
            // The heir first, so that no request that ends between the two says farewell.
            if let channel = packet.take() { leave(to: channel) }
            drain("others serve in its place", waitingForKept: true)
        case .inherit:
            if let channel = packet.take() { addInheritance(channel) }
        case .drain: drain("the supervisor asked for it")
        case .quit: quit()
        case .reopenLogs: reopenLogs()
        case .ready, .alive, .failed, .faults, .worn, .heirless, .logsReopened, .logsNotReopened, nil:
            if packet.bytes.isEmpty { loseSupervisor() }
        }
    }

    /// Tells the supervisor something, unless it has read nothing for long: nobody here may wait for it.
    ///
    /// - Returns: false where it was not told.
    @discardableResult
    private func tell(_ message: ControlMessage) -> Bool {
        (try? Sockets.send(message.bytes, over: control)) != nil
    }

    // MARK: - Without a supervisor

    /// The end of the control connection: nobody is left who could start or replace workers.
    private func loseSupervisor() {
        state.control.remove(control.number)
        isOffered = false
        // One that ends already goes on with it: whom it leaves its connections to has them from itself.
        guard draining == nil else { return }
        guard state.options.reunion != nil, isAccepting else { return drain("the supervisor has gone") }
        guard orphanedSince == nil else { return }
        orphanedSince = SystemClock.monotonicNanoseconds()
        log.warning("the supervisor has gone; this worker serves on and looks for the next one")
    }

    /// Offers itself and the listening socket to whoever listens for commands now.
    private func lookForSupervisor(_ now: Int64) {
        guard let orphanedSince, let reunion = state.options.reunion, draining == nil else { return }
        if now - orphanedSince > reunion.patience || !Files.exists(Files.directory(of: reunion.commandPath)) {
            return drain("no other supervisor has come")
        }
        guard !isOffered else { return }
        do throws(SystemError) {
            let supervisor = try Sockets.connect(path: reunion.commandPath, waits: false)
            let pair = try Sockets.pair(kind: .packets)
            let offer = Orphan(
                generation: reunion.generation,
                slot: reunion.slot,
                process: ThisProcess.id,
                shutdownTimeout: state.options.shutdownTimeout
            )
            let passed = [pair.second.number, state.listener.number] + (statusDesk.map { [$0.listenerNumber] } ?? [])
            try Sockets.send(Array("\(offer.command)\n".utf8), passing: passed, over: supervisor)
            // Until a message comes over it, it is not known whether anybody has taken the offer.
            control = pair.first
            isOffered = true
            try state.control.add(control.number, .readable, token: Wake.control.rawValue)
        } catch {
            // Nobody is there yet.
        }
    }

    /// The supervisor watches a new generation for these.
    private func tellFaults() {
        let faults = program.faults
        if faults != faultsTold, tell(.faults(faults)) { faultsTold = faults }
    }

    /// Asks once to be replaced.
    private func tellWear(_ now: Int64) {
        guard isAccepting, !isWorn, draining == nil, orphanedSince == nil else { return }
        let requests = limits.requests == nil ? 0 : state.slots.reduce(0) { $0 + $1.served }
        let wear = limits.wear(requests: requests, age: now - began) { ownMemory(now) }
        if let wear { isWorn = tell(.worn(wear)) }
    }

    /// Read once a second: it is a file of the kernel's.
    private func ownMemory(_ now: Int64) -> Int {
        guard now >= nextMemoryLook else { return 0 }
        nextMemoryLook = now + 1_000_000_000
        return ProcessMemory.ownBytes(of: ThisProcess.id) ?? 0
    }

    private func receiveSignal() {
        switch signals.next() {
        case .interrupt: quit()
        case .terminate, .quit: drain("a signal asked for it")
        case .user1: reopenLogs()
        default: break
        }
    }

    private func reopenLogs() {
        do {
            try housekeeping.reopenLogs()
            log.info("logs are open anew")
            tell(.logsReopened)
        } catch {
            log.error("logs could not be opened anew", metadata: ["reason": "\(error)"])
            tell(.logsNotReopened("\(error)"))
        }
    }

    private func quit() -> Never {
        housekeeping.finish()
        log.info("ends at once")
        ThisProcess.exitImmediately(0)
    }

    // MARK: - Draining

    /// Begins to end, or where it ends already, stops waiting for kept connections.
    private func drain(_ reason: String, waitingForKept: Bool = false) {
        guard draining == nil else {
            waitsForKept = waitsForKept && waitingForKept
            return
        }
        log.info("stopping: no new requests", metadata: ["reason": "\(reason)"])
        draining = WorkerDrain(timeout: state.options.shutdownTimeout, now: SystemClock.monotonicNanoseconds())
        waitsForKept = waitingForKept
        state.stopAccepting()
        // Those that serve in its place know better how the pool is.
        if waitingForKept { statusDesk?.close() }
        log.info("finishing what runs", metadata: running)
    }

    /// True when nothing that was accepted is left to be served, or the time for it is over.
    private func isDone() -> Bool {
        guard draining != nil else { return false }
        if isIdle { return true }
        switch draining?.advance(now: SystemClock.monotonicNanoseconds()) {
        case .cancelling:
            // Kept connections that nobody uses are not worth more time.
            if isQuiet { return true }
            log.warning("the time to finish is over: what runs is cancelled", metadata: running)
            for waiting in state.lane?.takeOverdue(now: .max) ?? [] { state.turnAway(waiting) }
        case .closing:
            log.warning("what runs was not cancelled in time: its connections are closed", metadata: running)
            for slot in state.slots { _ = slot.interrupt(now: .max) }
        case .over:
            log.warning("ends with requests unfinished", metadata: running)
            return true
        case .finishing, nil: break
        }
        // Again and again: what was cancelled may begin something else before it answers.
        if draining?.step == .cancelling { program.cancel() }
        return false
    }

    private var running: Logger.Metadata { ["requests": "\(state.slots.count(where: \.activity.isBusy))"] }

    /// Whether nothing is left to be served.
    ///
    /// What a thread has in hand stands in no list. So the lists say the truth only where no thread was busy before the look
    /// at them, and none has taken an event until after it.
    private var isIdle: Bool {
        let before = state.slots.map(\.activity)
        return isQuiet && hasLetGo && state.slots.map(\.activity) == before
    }

    /// Whether no request runs or waits, at this moment.
    private var isQuiet: Bool {
        !state.slots.contains(where: \.activity.isBusy) && state.waiting.isEmpty && state.lane?.isEmpty ?? true
    }

    /// Whether nothing that is kept is left to be waited for.
    ///
    /// A web server that is about to send a request on a kept connection cannot be told in time. Where others serve in this
    /// one's place, it goes to them, or it is left to the web server to close it; else what has arrived is served, and no
    /// more.
    private var hasLetGo: Bool {
        retirement.isDone && (waitsForKept ? state.kept.isEmpty : !state.epoll.hasEvent)
    }

    // MARK: - Handing over

    private func leave(to channel: consuming FileDescriptor) {
        do throws(SystemError) {
            try retirement.leave(to: channel)
            if let number = retirement.channel { try state.control.add(number, .readable, token: Wake.heir.rawValue) }
        } catch {
            log.warning("kept connections stay until the web server ends them", metadata: ["reason": "\(error)"])
        }
    }

    private func leaveKept() {
        guard !retirement.work(now: SystemClock.monotonicNanoseconds()) else { return }
        tell(.heirless)
    }

    private func addInheritance(_ channel: consuming FileDescriptor) {
        do throws(SystemError) {
            let inheritance = try Handover(channel)
            try state.control.add(inheritance.number, .readable, token: nextInheritance)
            inheritances[nextInheritance] = inheritance
            nextInheritance += 1
        } catch {
            log.warning("connections of another worker cannot be taken", metadata: ["reason": "\(error)"])
        }
    }

    /// Takes what another worker leaves to this one, or notes that it leaves no more.
    private func inherit(_ token: UInt64) {
        guard let inheritance = inheritances[token] else { return }
        do throws(Handover.Lost) {
            try inheritance.take { state.keep($0, isWatched: false) }
        } catch {
            state.control.remove(inheritance.number)
            inheritances[token] = nil
        }
    }

    // MARK: - Connections

    private func lookAfterConnections(_ now: Int64) {
        let expired = state.waiting.takeExpired(now: now) { inspector.arrival(on: $0).isRequest }
        for connection in expired { _ = FileDescriptor(owning: connection) }
        for overdue in state.lane?.takeOverdue(now: now) ?? [] { state.turnAway(overdue) }
        for slot in state.slots where slot.interrupt(now: now) {
            log.warning("a request took too long; its connection was shut down")
        }
        if let report = state.refused.report(now: now) {
            let last = report.last.map { "\($0)" } ?? "unknown"
            let metadata: Logger.Metadata = ["total": "\(report.total)", "last": "\(last)"]
            log.warning("connections were refused: their peers are not among pool.peers", metadata: metadata)
        }
        guard isAccepting, draining == nil else { return }
        if state.isListenerPaused.exchange(false, ordering: .sequentiallyConsistent) {
            log.warning("connections could not be accepted: no descriptor or memory was left")
        }
        // Where the kernel has no memory for it now, the next round tries again.
        try? state.refreshListener()
    }

    /// A connection that had sent a part: whole now, it goes to the handler threads; broken, it is closed.
    private func lookAgain(at connection: Int32) {
        switch inspector.arrival(on: connection) {
        case .silent, .incomplete:
            return
        case .closed, .malformed:
            state.waiting.removePartial(connection)
            _ = FileDescriptor(owning: connection)
        case .request, .longRequest:
            state.waiting.removePartial(connection)
            // It counts as waiting until a thread claims it, else a drain would end before it is served.
            let whole = state.waiting.addWhole(connection)
            state.control.remove(connection)
            // It may or may not be in the set already, and only the kernel knows.
            state.epoll.remove(connection)
            do throws(SystemError) {
                try state.epoll.add(connection, .readableOnce, token: EpollToken.silent(whole).rawValue)
            } catch {
                if state.waiting.claimSilent(whole) { _ = FileDescriptor(owning: connection) }
            }
        }
    }

    /// A connection that was answered before all of its request came: it is closed when the peer has ended, or sends
    /// without end.
    private func discard(from connection: Int32) {
        // A piece, so that nobody else waits for this thread; the rest is another event.
        if let count = Sockets.discard(from: connection, upTo: 256 << 10),
            state.waiting.noteDiscarded(count, from: connection)
        {
            return
        }
        state.waiting.removeAnswered(connection)
        _ = FileDescriptor(owning: connection)
    }

    private struct StartFailure: Error, CustomStringConvertible {
        let description: String
    }
}

/// Counts the threads that have started, and keeps the first failure.
private final class Outcomes: Sendable {
    private let failure = Mutex<String?>(nil)
    private let semaphore = Semaphore(permits: 0)

    func add(_ text: String?) {
        if let text { failure.withLock { $0 = $0 ?? text } }
        semaphore.signal()
    }

    func wait(for count: Int) -> String? {
        // The supervisor's limit on starting is the one that counts; this one only keeps the wait finite.
        for _ in 0..<count where !semaphore.wait(nanoseconds: 60_000_000_000) { return "a thread did not start" }
        return failure.withLock { $0 }
    }
}
