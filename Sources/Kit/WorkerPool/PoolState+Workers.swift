internal import Linux

/// How workers come, are replaced, and go one by one.
extension PoolState {
    /// How far a worker is.
    public enum Phase: String, Sendable, Equatable {
        /// It was spawned and is not ready.
        case starting
        /// It is tried with a request.
        case proving
        /// It has stood the trial and waits for the others of its generation.
        case proved
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
        /// When it entered this phase; a worker that is tried still starts.
        public var since: Int64
        /// When it is ended by force, unless it has reached its next phase or its end.
        var deadline: Int64
        /// How long its generation lets it finish what runs.
        let shutdownTimeout: Int64
        /// Why it could not start, in its own words.
        var failure: String?
        var killed = false
        /// The worn worker whose place it takes.
        var replaces: Int?
        /// Why it is to be replaced.
        var wear: String?
        /// When it said last that it lives; nil for one that never does, such as that of a program before this one.
        var heard: Int64?
        /// The requests that it has answered with a fault.
        var faults = 0
        /// It was started by a supervisor before this one.
        var isAdopted: Bool { generation == PoolState.foreignGeneration }

        var isStarting: Bool { phase == .starting || phase == .proving }
    }

    struct Replacement: Sendable, Equatable {
        let slot: Int
        let at: Int64
    }

    /// The generation of workers that were adopted.
    static let foreignGeneration = 0

    /// The most workers of a pool.
    static let mostWorkers = 1024

    /// How long a worker may take to drain beyond what it allows itself.
    private static let drainPatience: Int64 = 5_000_000_000

    /// The workers of the serving generation that are ready.
    public var readyWorkers: Int { workers.count { $0.generation == generation && $0.phase == .ready } }

    mutating func spawn(
        generation: Int,
        slot: Int,
        _ settings: PoolSettings,
        _ now: Int64,
        replaces: Int? = nil
    ) -> Action {
        workersMade += 1
        var worker = Worker(
            id: workersMade,
            generation: generation,
            slot: slot,
            phase: .starting,
            since: now,
            deadline: now + settings.bootTimeout,
            shutdownTimeout: settings.shutdownTimeout
        )
        worker.replaces = replaces
        workers.append(worker)
        return .spawn(worker: workersMade, generation: generation, slot: slot)
    }

    /// Takes a worker over that a supervisor before this one started; it serves until the first generation does.
    ///
    /// - Returns: its number.
    mutating func adopt(generation: Int, slot: Int, shutdownTimeout: Int64, now: Int64) -> Int {
        workersMade += 1
        // What comes is numbered on from there; the numbers of before are no generations of this supervisor.
        generationsMade = max(generationsMade, generation)
        workers.append(
            Worker(
                id: workersMade,
                generation: Self.foreignGeneration,
                slot: slot,
                phase: .ready,
                since: now,
                deadline: .max,
                shutdownTimeout: shutdownTimeout
            )
        )
        return workersMade
    }

    /// One that comes when a generation serves already retires at once.
    mutating func retireIfServed(_ id: Int, _ now: Int64) -> [Action] {
        served == nil ? [] : retire(id, heir: heir(for: id), now)
    }

    mutating func ready(_ id: Int) -> [Action] {
        guard let index = index(of: id), workers[index].phase == .starting, !workers[index].killed else { return [] }
        workers[index].phase = .proving
        return [.prove(worker: id)]
    }

    mutating func proved(_ id: Int, _ now: Int64) -> [Action] {
        guard let index = index(of: id), workers[index].phase == .proving, !workers[index].killed else { return [] }
        workers[index].phase = .proved
        workers[index].deadline = .max
        if workers[index].generation == rollout?.generation { return finishRollout(now) }
        let accept = admit(id, now)
        guard let worn = workers[index].replaces, let old = workers.first(where: { $0.id == worn }) else {
            return [accept]
        }
        return [accept] + retire(old.id, heir: id, now)
    }

    /// Lets a worker serve.
    mutating func admit(_ id: Int, _ now: Int64) -> Action {
        if let index = index(of: id) {
            workers[index].phase = .ready
            workers[index].since = now
        }
        return .accept(worker: id)
    }

    mutating func noteFailure(_ id: Int, _ reason: String) -> [Action] {
        guard let index = index(of: id) else { return [] }
        workers[index].failure = reason
        // One that could not start ends by itself; one that answered wrongly lives.
        return workers[index].phase == .proving ? kill { $0.id == id } : []
    }

    mutating func retire(_ id: Int, heir: Int?, _ now: Int64) -> [Action] {
        guard let index = index(of: id), workers[index].phase != .draining else { return [] }
        workers[index].phase = .draining
        workers[index].since = now
        workers[index].deadline = now + workers[index].shutdownTimeout + Self.drainPatience
        return [.retire(worker: id, heir: heir)]
    }

    /// Somebody else who serves, for the connections of a worker that ends.
    mutating func findHeir(_ id: Int) -> [Action] {
        guard !isStopping, let index = index(of: id), workers[index].phase == .draining, let heir = heir(for: id)
        else { return [] }
        return [.retire(worker: id, heir: heir)]
    }

    private func heir(for id: Int) -> Int? {
        let others = workers.filter { $0.id != id && $0.phase == .ready && $0.generation == generation }
        return others.isEmpty ? nil : others[id % others.count].id
    }

    mutating func kill(where chosen: (Worker) -> Bool) -> [Action] {
        var actions: [Action] = []
        for index in workers.indices where chosen(workers[index]) && !workers[index].killed {
            workers[index].killed = true
            actions.append(.kill(worker: workers[index].id))
        }
        return actions
    }

    /// Whether the pool itself has ended the worker by force.
    func hasKilled(_ id: Int) -> Bool { index(of: id).map { workers[$0].killed } ?? false }

    func index(of id: Int) -> Int? {
        workers.firstIndex { $0.id == id }
    }

    // MARK: - Deaths

    mutating func ended(
        _ id: Int,
        _ end: ProcessEnd,
        _ now: Int64,
        isKilledFromOutside: Bool = false
    ) -> [Action] {
        guard let index = index(of: id) else { return [] }
        let worker = workers.remove(at: index)
        if isStopping { return exitIfEmpty() }
        if let rollout, worker.generation == rollout.generation {
            let reason = worker.failure ?? "a new worker \(end) before it was ready"
            return abandon(worker.generation, reason)
        }
        guard worker.generation == generation, worker.phase != .draining, !worker.isAdopted else { return [] }
        let delay = isKilledFromOutside ? 0 : delay(after: worker, end, now)
        if worker.phase != .ready, workers.contains(where: { $0.id == worker.replaces }) {
            // The worn one serves on meanwhile.
            nextRecycling = now + delay
        } else if !workers.contains(where: { $0.replaces == id }) {
            replacements.append(Replacement(slot: worker.slot, at: now + delay))
        }
        let isDeath = !isKilledFromOutside && (end != .exited(0) || worker.phase != .ready)
        return [.died(worker: id, end, replacedAfter: delay)] + (isDeath ? noteDeath(now) : [])
    }

    private mutating func delay(after worker: Worker, _ end: ProcessEnd, _ now: Int64) -> Int64 {
        let time = now - worker.since
        guard worker.phase == .ready else { return delays[worker.slot, default: RestartDelay()].next(lifetime: time) }
        // One that left with status 0 was told to: nothing is wrong with it that waiting could mend.
        return end == .exited(0) ? 0 : delays[worker.slot, default: RestartDelay()].next(served: time)
    }

    // MARK: - Silence

    /// How long a worker may say nothing, in nanoseconds: what it has waits, and nginx gives it to nobody else yet.
    private static let patience: Int64 = 10_000_000_000

    mutating func noteLife(_ id: Int, _ now: Int64) -> [Action] {
        if let index = index(of: id) { workers[index].heard = now }
        return []
    }

    /// Ends workers that were stopped, or hang in the kernel.
    mutating func endSilent(_ now: Int64) -> [Action] {
        defer { lastLook = now }
        if now - lastLook > Self.patience / 5 {
            // Whoever was stopped itself has heard nobody.
            for index in workers.indices where workers[index].heard != nil { workers[index].heard = now }
        }
        let silent = workers.filter { worker in
            guard let heard = worker.heard, !worker.killed else { return false }
            return now - heard > Self.patience
        }
        return silent.flatMap { worker in [.silent(worker: worker.id)] + kill { $0.id == worker.id } }
    }

    // MARK: - Recycling

    mutating func noteWear(_ id: Int, _ reason: String) -> [Action] {
        if let index = index(of: id) { workers[index].wear = reason }
        return []
    }

    /// Starts what takes the place of a worn worker, one at a time.
    mutating func recycle(_ now: Int64) -> [Action] {
        guard let served, now >= nextRecycling,
            !workers.contains(where: { $0.replaces != nil && $0.phase != .ready && $0.phase != .draining }),
            let worn = workers.first(where: { $0.wear != nil && $0.phase == .ready && $0.generation == generation }),
            let reason = worn.wear
        else { return [] }
        let spawn = spawn(generation: served.number, slot: worn.slot, served.settings, now, replaces: worn.id)
        return [.recycle(worker: worn.id, reason: reason), spawn]
    }

    // MARK: - Number

    mutating func resize(by count: Int, _ now: Int64) -> [Action] {
        guard !isStopping, let served else { return [] }
        let wanted = min(Self.mostWorkers, max(1, target + count))
        var actions: [Action] = []
        while target < wanted {
            let taken = Set(
                workers.filter { $0.generation == served.number && $0.phase != .draining }.map(\.slot)
                    + replacements.map(\.slot)
            )
            let slot = (0...taken.count).first { !taken.contains($0) } ?? 0
            actions.append(spawn(generation: served.number, slot: slot, served.settings, now))
            target += 1
        }
        while target > wanted {
            actions += removeOne(now)
            target -= 1
        }
        return actions
    }

    /// One worker fewer: one that is not there anyway, else the last.
    private mutating func removeOne(_ now: Int64) -> [Action] {
        if let absent = replacements.indices.max(by: { replacements[$0].slot < replacements[$1].slot }) {
            replacements.remove(at: absent)
            return []
        }
        let members = workers.filter { $0.generation == generation && $0.phase != .draining && $0.replaces == nil }
        guard let last = members.max(by: { $0.slot < $1.slot }) else { return [] }
        return retire(last.id, heir: heir(for: last.id), now)
    }

    /// Drains all workers; requests wait in the listening socket.
    mutating func pause(_ now: Int64) -> [Action] {
        guard !isStopping, rollout == nil, served != nil else { return [] }
        target = 0
        replacements = []
        watch = nil
        let ids = workers.filter { $0.phase != .draining }.map(\.id)
        for id in ids { _ = retire(id, heir: nil, now) }
        return ids.map { .drain(worker: $0) }
    }
}
