/// How generations follow one another.
extension PoolState {
    /// A generation that serves, or served and was good.
    struct Served: Sendable, Equatable {
        let number: Int
        let settings: PoolSettings
    }

    /// A generation that is on its way.
    struct Rollout: Sendable {
        let generation: Int
        let purpose: Purpose
        /// Known once the configuration has been checked.
        var settings: PoolSettings?
    }

    /// What a generation does in its first time.
    struct Watch: Sendable, Equatable {
        let until: Int64
        var deaths = 0
        var faults = 0
    }

    /// How far the replacement of the supervisor by its own successor is.
    enum Succession: Sendable {
        case none, wanted, underWay
    }

    /// The generation that serves, 0 before the first.
    public var generation: Int { served?.number ?? 0 }

    /// What is unusual about the configuration of the serving generation.
    public var notices: [String] { served?.settings.notices ?? [] }

    /// True while a generation is on its way.
    public var isReloading: Bool { rollout != nil }

    /// The generations whose binary and configuration are still needed.
    public var generationsInUse: Set<Int> {
        Set(workers.map(\.generation) + [served, lastGood].compactMap { $0?.number } + [rollout?.generation ?? 0])
    }

    mutating func reload(_ purpose: Purpose) -> [Action] {
        guard !isStopping else { return [] }
        if rollout == nil, next == nil, succession == .none { return begin(purpose) }
        // Joined to one that follows; where somebody wants an upgrade, it is one.
        next = next == .upgrade ? .upgrade : purpose
        return []
    }

    mutating func begin(_ purpose: Purpose) -> [Action] {
        generationsMade += 1
        rollout = Rollout(generation: generationsMade, purpose: purpose)
        return [.prepare(generation: generationsMade)]
    }

    mutating func prepared(_ number: Int, _ settings: PoolSettings, _ now: Int64) -> [Action] {
        guard rollout?.generation == number, rollout?.settings == nil, !isStopping else { return [] }
        return start(settings, now)
    }

    private mutating func start(_ settings: PoolSettings, _ now: Int64) -> [Action] {
        guard let number = rollout?.generation else { return [] }
        rollout?.settings = settings
        return (0..<settings.workers).map { spawn(generation: number, slot: $0, settings, now) }
    }

    /// Lets a generation serve once all of its workers have been tried.
    mutating func finishRollout(_ now: Int64) -> [Action] {
        guard let rollout, let settings = rollout.settings,
            workers.count(where: { $0.generation == rollout.generation && $0.phase == .proved }) == settings.workers
        else { return [] }
        let new = Served(number: rollout.generation, settings: settings)
        served = new
        self.rollout = nil
        target = settings.workers
        replacements = []
        delays = [:]
        let isWatched = rollout.purpose != .takeBack && settings.probation.time > 0 && lastGood != nil
        watch = isWatched ? Watch(until: now + settings.probation.time) : nil
        if !isWatched { lastGood = new }
        if rollout.purpose != .takeBack { degradation = nil }
        if rollout.purpose == .upgrade { succession = .wanted }

        let heirs = workers.filter { $0.generation == new.number }.map(\.id)
        let accepts = heirs.map { admit($0, now) }
        var retirements: [Action] = []
        for (index, old) in workers.filter({ $0.generation != new.number }).enumerated() {
            retirements += retire(old.id, heir: heirs[index % heirs.count], now)
        }
        return accepts + [.serving(generation: new.number, workers: settings.workers)] + retirements
    }

    /// Gives a generation up that is on its way.
    mutating func abandon(_ number: Int, _ reason: String) -> [Action] {
        guard let rollout, rollout.generation == number else { return [] }
        self.rollout = nil
        let kills = kill { $0.generation == number }
        guard served != nil else {
            startFailure = reason
            isStopping = true
            // Those of a supervisor before this one do without.
            workers.removeAll(where: \.isAdopted)
            return kills + exitIfEmpty()
        }
        let before = rollout.purpose == .takeBack ? degradation.map { "\($0); the last good one did not start: " } : nil
        degradation = before.map { $0 + reason } ?? "the last reload failed: \(reason)"
        return kills + [.reloadFailed(generation: number, reason: reason)]
    }

    mutating func abandonLateGeneration(_ now: Int64) -> [Action] {
        guard let number = rollout?.generation, let limit = rollout?.settings?.bootTimeout,
            workers.contains(where: { $0.generation == number && $0.isStarting && now - $0.since > limit })
        else { return [] }
        return abandon(number, "a new worker was not ready within \(Self.time(limit))")
    }

    // MARK: - The watch

    mutating func noteFaults(_ id: Int, _ count: Int, _ now: Int64) -> [Action] {
        guard let index = index(of: id) else { return [] }
        let more = max(0, count - workers[index].faults)
        workers[index].faults = count
        guard workers[index].generation == generation, let probation = served?.settings.probation else { return [] }
        watch?.faults += more
        guard let watch, watch.faults > probation.faults else { return [] }
        return takeBack("it answered \(watch.faults) requests with a fault within \(Self.time(probation.time))", now)
    }

    mutating func noteDeath(_ now: Int64) -> [Action] {
        watch?.deaths += 1
        guard let watch, let probation = served?.settings.probation, watch.deaths > probation.deaths else { return [] }
        return takeBack("\(watch.deaths) of its workers died within \(Self.time(probation.time))", now)
    }

    mutating func endWatch(_ now: Int64) -> [Action] {
        guard let watch, watch.until <= now, let served else { return [] }
        self.watch = nil
        lastGood = served
        return [.good(generation: served.number)]
    }

    /// Has the last good generation serve again; what somebody asked for already is waited for instead.
    private mutating func takeBack(_ reason: String, _ now: Int64) -> [Action] {
        guard rollout == nil, succession == .none, let served, let lastGood else { return [] }
        watch = nil
        degradation = "generation \(served.number) was taken back: \(reason)"
        generationsMade += 1
        rollout = Rollout(generation: generationsMade, purpose: .takeBack)
        return [
            .takeBack(generation: served.number, reason: reason),
            .restore(generation: generationsMade, of: lastGood.number),
        ] + start(lastGood.settings, now)
    }

    // MARK: - The supervisor

    mutating func notReplaced(_ reason: String) -> [Action] {
        succession = .none
        degradation = "the supervisor is of the program before: \(reason)"
        return []
    }

    static func time(_ nanoseconds: Int64) -> String {
        let isWhole = nanoseconds % 1_000_000_000 == 0
        return isWhole ? "\(nanoseconds / 1_000_000_000) s" : "\(nanoseconds / 1_000_000) ms"
    }
}
