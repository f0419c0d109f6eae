public import Linux

/// What the pool of workers is and does next, without any process: events go in, actions come out.
///
/// The rules, in short. A generation is a binary and a configuration with their workers. The first generation that
/// does not become ready ends the pool with its reason; a later one is taken back, and the generation before it has
/// never noticed. Only when all workers of a new generation are ready, those of the old one drain. A worker that dies is
/// replaced after a delay. Times are nanoseconds of the monotonic clock.
public struct PoolState: Sendable {
    /// Something that happened.
    public enum Event: Sendable, Equatable {
        /// A configuration was checked and is good; start a generation with it.
        case prepared(generation: Int, settings: PoolSettings)
        /// The configuration, or the binary that was to check it, is not good.
        case refused(generation: Int, reason: String)
        /// Somebody wants a new generation.
        case reload
        /// A worker listens to requests.
        case ready(worker: Int)
        /// A worker says why it cannot start.
        case failed(worker: Int, reason: String)
        /// A worker's process has ended.
        case ended(worker: Int, ProcessEnd)
        /// Finish what runs, then end.
        case stop
        /// End at once.
        case quit
        /// Time has passed.
        case tick
    }

    /// Something to do.
    public enum Action: Sendable, Equatable {
        /// Check the configuration on disk with the binary on disk; answer with `prepared` or `refused`.
        case prepare(generation: Int)
        /// Start a worker.
        case spawn(worker: Int, generation: Int, slot: Int)
        /// Tell a worker to end when nobody uses it any more; others serve in its place.
        case retire(worker: Int)
        /// Tell a worker to finish what runs and end.
        case drain(worker: Int)
        /// Tell a worker to end at once.
        case quit(worker: Int)
        /// End a worker that does not end by itself.
        case kill(worker: Int)
        /// All workers of a generation are ready, and it serves.
        case serving(generation: Int, workers: Int)
        /// A reload came to nothing; the generation before it serves on.
        case reloadFailed(generation: Int, reason: String)
        /// A worker that served has died and will be replaced.
        case died(worker: Int, ProcessEnd, replacedAfter: Int64)
        /// The pool has ended; `reason` where it could not start.
        case exit(reason: String?)
    }

    /// How far a worker is.
    public enum Phase: Sendable, Equatable {
        /// It was spawned and is not ready.
        case starting
        /// It serves.
        case ready
        /// It finishes what runs.
        case draining
    }

    /// A worker process.
    public struct Worker: Sendable, Equatable {
        /// Its number, never used twice.
        public let id: Int
        /// The generation it belongs to.
        public let generation: Int
        /// Its place in the generation, from 0.
        public let slot: Int
        /// How far it is.
        public var phase: Phase
        /// When it entered this phase.
        public var since: Int64
        /// When it is ended by force, unless it has reached its next phase or its end.
        var deadline: Int64
        /// How long its generation lets it finish what runs.
        let shutdownTimeout: Int64
        /// Why it could not start, in its own words.
        var failure: String?
        var killed = false
    }

    /// How long a worker may take to end at once, in nanoseconds.
    private static let quitPatience: Int64 = 1_000_000_000
    /// How long a worker may take to drain beyond what it allows itself.
    private static let drainPatience: Int64 = 5_000_000_000

    private struct Replacement: Sendable {
        let slot: Int
        let at: Int64
    }

    /// All workers that live.
    public private(set) var workers: [Worker] = []
    /// The generation that serves, 0 before the first.
    public private(set) var generation = 0
    /// The reason of the last reload that failed, until one succeeds.
    public private(set) var lastFailure: String?
    /// True from the first stop on.
    public private(set) var isStopping = false

    /// The generation that is on its way, if one is.
    private var candidate: Int?
    private var candidateSettings: PoolSettings?
    private var settings: PoolSettings?
    private var generationsMade = 0
    private var workersMade = 0
    private var delays: [Int: RestartDelay] = [:]
    private var replacements: [Replacement] = []
    private var startFailure: String?

    /// Makes a pool without workers; `reload` starts it.
    public init() {}

    /// What is unusual about the configuration of the serving generation.
    public var notices: [String] { settings?.notices ?? [] }

    /// True while a generation is on its way.
    public var isReloading: Bool { candidate != nil }

    /// The workers of the serving generation that are ready.
    public var readyWorkers: Int { workers.count { $0.generation == generation && $0.phase == .ready } }

    /// Takes an event and says what is to be done, in order.
    public mutating func handle(_ event: Event, now: Int64) -> [Action] {
        switch event {
        case .reload: reload()
        case .prepared(let generation, let settings): prepared(generation, settings, now)
        case .refused(let generation, let reason): abandon(generation, reason, now)
        case .ready(let id): ready(id, now)
        case .failed(let id, let reason): noteFailure(id, reason)
        case .ended(let id, let end): ended(id, end, now)
        case .stop: isStopping ? quit(now) : stop(now)
        case .quit: quit(now)
        case .tick: tick(now)
        }
    }

    // MARK: - Generations

    private mutating func reload() -> [Action] {
        // A reload that comes while one is on its way is joined to it.
        guard !isStopping, candidate == nil else { return [] }
        generationsMade += 1
        candidate = generationsMade
        return [.prepare(generation: generationsMade)]
    }

    private mutating func prepared(_ number: Int, _ settings: PoolSettings, _ now: Int64) -> [Action] {
        guard candidate == number, !isStopping else { return [] }
        candidateSettings = settings
        return (0..<settings.workers).map { spawn(generation: number, slot: $0, settings, now) }
    }

    private mutating func ready(_ id: Int, _ now: Int64) -> [Action] {
        guard let index = index(of: id), workers[index].phase == .starting else { return [] }
        workers[index].phase = .ready
        workers[index].since = now
        workers[index].deadline = .max
        guard let number = candidate, workers[index].generation == number, let settings = candidateSettings,
            workers.count(where: { $0.generation == number && $0.phase == .ready }) == settings.workers
        else { return [] }
        generation = number
        self.settings = settings
        candidate = nil
        candidateSettings = nil
        lastFailure = nil
        replacements = []
        delays = [:]
        return [.serving(generation: number, workers: settings.workers)] + retire(now) { $0.generation != number }
    }

    /// Gives a generation up that is on its way.
    private mutating func abandon(_ number: Int, _ reason: String, _ now: Int64) -> [Action] {
        guard candidate == number else { return [] }
        candidate = nil
        candidateSettings = nil
        let kills = kill { $0.generation == number }
        if generation == 0 {
            startFailure = reason
            isStopping = true
            return kills + exitIfEmpty()
        }
        lastFailure = reason
        return kills + [.reloadFailed(generation: number, reason: reason)]
    }

    // MARK: - Workers

    private mutating func noteFailure(_ id: Int, _ reason: String) -> [Action] {
        if let index = index(of: id) { workers[index].failure = reason }
        return []
    }

    private mutating func ended(_ id: Int, _ end: ProcessEnd, _ now: Int64) -> [Action] {
        guard let index = index(of: id) else { return [] }
        let worker = workers.remove(at: index)
        if isStopping { return exitIfEmpty() }
        if worker.generation == candidate {
            let reason = worker.failure ?? "a new worker \(end) before it was ready"
            return abandon(worker.generation, reason, now)
        }
        guard worker.generation == generation, worker.phase != .draining else { return [] }
        // One that left with status 0 was told to: nothing is wrong with it that waiting could mend.
        let delay =
            end == .exited(0) && worker.phase == .ready
            ? 0 : delays[worker.slot, default: RestartDelay()].next(lifetime: now - worker.since)
        replacements.append(Replacement(slot: worker.slot, at: now + delay))
        return [.died(worker: worker.id, end, replacedAfter: delay)]
    }

    private mutating func tick(_ now: Int64) -> [Action] {
        var actions: [Action] = []
        if let number = candidate, let limit = candidateSettings?.bootTimeout,
            workers.contains(where: { $0.generation == number && $0.phase == .starting && now - $0.since > limit })
        {
            let isWhole = limit % 1_000_000_000 == 0
            let time = isWhole ? "\(limit / 1_000_000_000) s" : "\(limit / 1_000_000) ms"
            actions += abandon(number, "a new worker was not ready within \(time)", now)
        }
        // A replacement that hangs at its start, a worker that does not drain or quit: ended, and replaced in its turn.
        actions += kill { $0.deadline < now }
        guard !isStopping, let settings else { return actions }
        let due = replacements.filter { $0.at <= now }
        replacements.removeAll { $0.at <= now }
        return actions + due.map { spawn(generation: generation, slot: $0.slot, settings, now) }
    }

    private mutating func spawn(generation: Int, slot: Int, _ settings: PoolSettings, _ now: Int64) -> Action {
        workersMade += 1
        workers.append(
            Worker(
                id: workersMade,
                generation: generation,
                slot: slot,
                phase: .starting,
                since: now,
                deadline: now + settings.bootTimeout,
                shutdownTimeout: settings.shutdownTimeout
            )
        )
        return .spawn(worker: workersMade, generation: generation, slot: slot)
    }

    // MARK: - The end

    private mutating func stop(_ now: Int64) -> [Action] {
        isStopping = true
        candidate = nil
        replacements = []
        // Those that retire are waited for no longer than others.
        _ = retire(now) { _ in true }
        return workers.map { .drain(worker: $0.id) } + exitIfEmpty()
    }

    private mutating func quit(_ now: Int64) -> [Action] {
        isStopping = true
        candidate = nil
        replacements = []
        for index in workers.indices {
            // One that becomes ready now is told all the same, and keeps its deadline.
            workers[index].phase = .draining
            workers[index].deadline = min(workers[index].deadline, now + Self.quitPatience)
        }
        return workers.map { .quit(worker: $0.id) } + exitIfEmpty()
    }

    private func exitIfEmpty() -> [Action] {
        isStopping && workers.isEmpty ? [.exit(reason: startFailure)] : []
    }

    private mutating func retire(_ now: Int64, where chosen: (Worker) -> Bool) -> [Action] {
        var actions: [Action] = []
        for index in workers.indices where chosen(workers[index]) && workers[index].phase != .draining {
            workers[index].phase = .draining
            workers[index].since = now
            workers[index].deadline = now + workers[index].shutdownTimeout + Self.drainPatience
            actions.append(.retire(worker: workers[index].id))
        }
        return actions
    }

    private mutating func kill(where chosen: (Worker) -> Bool) -> [Action] {
        var actions: [Action] = []
        for index in workers.indices where chosen(workers[index]) && !workers[index].killed {
            workers[index].killed = true
            actions.append(.kill(worker: workers[index].id))
        }
        return actions
    }

    private func index(of id: Int) -> Int? {
        workers.firstIndex { $0.id == id }
    }
}
