internal import Linux

/// What the companion of the workers is and does next, without any process: events go in, actions come out.
///
/// There is one at a time, of the generation that serves. A new generation replaces it, one that dies is started anew
/// after a delay, one that says nothing any more is ended by force, and at a stop it is the last to be told. Times are nanoseconds of the monotonic clock.
struct CompanionState: Sendable {
    /// Something that happened.
    enum Event: Sendable, Equatable {
        /// A generation serves.
        case serving(generation: Int)
        /// It does its work.
        case ready
        /// It has said that it lives.
        case alive
        /// Its process has ended.
        case ended(ProcessEnd)
        /// End it; said again, by force.
        case stop
        /// Time has passed.
        case tick
    }

    /// Something to do.
    enum Action: Sendable, Equatable {
        /// Start one of this generation.
        case spawn(generation: Int)
        /// Tell it to finish and end.
        case drain
        /// Tell people that it has said nothing for too long; it is ended by force next.
        case silent
        /// End it by force.
        case kill
        /// It has died and will be started anew.
        case died(ProcessEnd, replacedAfter: Int64)
    }

    /// How far its process is.
    enum Phase: String, Sendable, Equatable {
        case starting, ready, draining
    }

    /// How long it may take to start, to say that it lives, and to finish what it does, before it is ended by force.
    ///
    /// One that was stopped may hold the write lock, for which all changes wait.
    private static let patience: Int64 = 10_000_000_000

    /// How far its process is; nil where there is none.
    private(set) var phase: Phase?
    /// The generation of its process.
    private(set) var generation = 0

    /// The generation that serves.
    private var wanted = 0
    private var since: Int64 = 0
    private var deadline: Int64 = .max
    private var startAt: Int64?
    private var delay = RestartDelay()
    private var isStopping = false

    /// There is none yet.
    init() {}

    /// Goes on with a process that another supervisor has started, for a generation that serves.
    init(continuing phase: Phase, generation: Int, wanted: Int, now: Int64) {
        self.phase = phase
        self.generation = generation
        self.wanted = wanted
        since = now
        deadline = now + Self.patience
    }

    /// Takes an event and says what is to be done, in order.
    mutating func handle(_ event: Event, now: Int64) -> [Action] {
        switch event {
        case .serving(let generation): serving(generation, now)
        case .ready: ready(now)
        case .alive: alive(now)
        case .ended(let end): ended(end, now)
        case .stop: stop(now)
        case .tick: tick(now)
        }
    }

    private mutating func serving(_ generation: Int, _ now: Int64) -> [Action] {
        guard !isStopping else { return [] }
        wanted = generation
        delay = RestartDelay()
        return phase == nil ? [spawn(now)] : drain(now)
    }

    private mutating func ready(_ now: Int64) -> [Action] {
        guard phase == .starting else { return [] }
        phase = .ready
        return alive(now)
    }

    private mutating func alive(_ now: Int64) -> [Action] {
        if phase == .ready { deadline = now + Self.patience }
        return []
    }

    private mutating func ended(_ end: ProcessEnd, _ now: Int64) -> [Action] {
        guard let last = phase else { return [] }
        phase = nil
        deadline = .max
        if isStopping { return [] }
        if last == .draining { return [spawn(now)] }
        let wait = delay.next(lifetime: now - since)
        startAt = now + wait
        return [.died(end, replacedAfter: wait)]
    }

    private mutating func stop(_ now: Int64) -> [Action] {
        startAt = nil
        guard phase != nil else {
            isStopping = true
            return []
        }
        if isStopping { return [.kill] }
        isStopping = true
        // One that drains already has its deadline.
        return drain(now)
    }

    private mutating func tick(_ now: Int64) -> [Action] {
        if now > deadline {
            deadline = .max
            return phase == .ready ? [.silent, .kill] : [.kill]
        }
        guard let startAt, startAt <= now else { return [] }
        return [spawn(now)]
    }

    private mutating func spawn(_ now: Int64) -> Action {
        startAt = nil
        phase = .starting
        generation = wanted
        since = now
        deadline = now + Self.patience
        return .spawn(generation: wanted)
    }

    private mutating func drain(_ now: Int64) -> [Action] {
        guard phase != .draining else { return [] }
        phase = .draining
        deadline = now + Self.patience
        return [.drain]
    }
}
