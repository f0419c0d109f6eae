internal import Linux
internal import Logging

/// The supervisor's hold on the companion of the workers: carries out what ``CompanionState`` says.
final class CompanionProcess {
    private let name: String
    private let environment: [String]
    private let log: Logger

    private var state = CompanionState()
    /// What serves, and what a companion is started from.
    private var generation: Generation?
    private var process: PoolProcess?

    init(name: String, environment: [String], log: Logger) {
        self.name = name
        self.environment = environment
        self.log = log
    }

    /// True while there is a process.
    var isRunning: Bool { state.phase != nil }

    /// A generation serves; its companion takes the place of the one before.
    func accompany(_ generation: Generation) {
        self.generation = generation
        perform(.serving(generation: generation.number))
    }

    /// What a successor needs to go on with it; nil where there is none.
    var estate: (process: PoolProcess, generation: Int, phase: CompanionState.Phase)? {
        guard let process, let phase = state.phase else { return nil }
        return (process, state.generation, phase)
    }

    /// Goes on with a process that the supervisor before has started, if there is one.
    func goOn(with process: PoolProcess?, generation: Int, phase: CompanionState.Phase, serving: Generation) {
        self.generation = serving
        guard let process else { return perform(.serving(generation: serving.number)) }
        self.process = process
        state = CompanionState(
            continuing: phase,
            generation: generation,
            wanted: serving.number,
            now: SystemClock.monotonicNanoseconds()
        )
    }

    /// Tells it to end; called again, ends it by force.
    func stop() { perform(.stop) }

    /// Tells it to open its logs anew, if there is one; nobody waits for it.
    func reopenLogs() { try? process?.control.writeAll(ControlMessage.reopenLogs.bytes) }

    /// Time has passed: at least ten times a second.
    func tick() {
        receive()
        perform(.tick)
    }

    /// Reads what it has said, which nobody waits for.
    private func receive() {
        guard let process else { return }
        while let packet = try? process.control.read(upTo: ControlMessage.sizeLimit), !packet.isEmpty {
            switch ControlMessage(bytes: packet) {
            case .ready: perform(.ready)
            case .alive: perform(.alive)
            case .failed(let reason): log.error("\(name) cannot start", metadata: ["reason": "\(reason)"])
            default: break
            }
        }
    }

    /// Takes the end of a process; false where it was another's.
    func takeEnd(of pid: Int32, _ end: ProcessEnd) -> Bool {
        guard process?.pid == pid else { return false }
        // What it said last may still wait to be read.
        receive()
        process = nil
        perform(.ended(end))
        return true
    }

    /// A line for `status`; nil where there is no process.
    var status: String? {
        guard let phase = state.phase, let pid = process?.pid else { return nil }
        return "\(name)  generation \(state.generation)  pid \(pid)  \(phase)"
    }

    private func perform(_ event: CompanionState.Event) {
        for action in state.handle(event, now: SystemClock.monotonicNanoseconds()) { carryOut(action) }
    }

    private func carryOut(_ action: CompanionState.Action) {
        switch action {
        case .spawn: spawn()
        case .drain:
            // One that cannot be told has ended, or will be ended when its time is over.
            try? process?.control.writeAll(ControlMessage.drain.bytes)
        case .silent: log.error("\(name) is silent, as one that was stopped is: it is ended by force")
        case .kill: if let pid = process?.pid { ChildProcess.send(.kill, to: pid) }
        case .died(let end, let delay):
            let metadata: Logger.Metadata = ["end": "\(end)", "replaced_after_ms": "\(delay / 1_000_000)"]
            log.error("\(name) died", metadata: metadata)
        }
    }

    private func spawn() {
        do throws(SystemError) {
            guard let generation else { return perform(.ended(.exited(127))) }
            let (pid, control) = try generation.startCompanion(environment: environment)
            process = PoolProcess(pid: pid, control: FileDescriptor(owning: control))
        } catch {
            log.error("\(name) cannot start", metadata: ["reason": "\(error)"])
            perform(.ended(.exited(127)))
        }
    }
}
