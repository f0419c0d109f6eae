public import Linux

/// What the pool of workers is and does next, without any process: events go in, actions come out.
///
/// A generation is a binary and a checked configuration with their workers:
///
///     reload            prepared             all proved                 watched
///     ------> checking ---------> starting -----------> serving n+1 --------------> good
///                |                    |                     |
///             refused        failed, died, late      deaths, faults above a bound
///                v                    v                     v
///            n serves on          n serves on       starting n+2: the last good one again
///
/// A worker:
///
///     spawn             ready            proved               its generation serves           told to end
///     ------> starting -------> proving --------> proved ------------------------> ready ---------------> draining
///
/// A new worker takes requests only when all of its generation have answered one of the supervisor's own. So whatever goes
/// wrong before, the generation before it has never noticed. Only then the old ones retire, each with a heir that takes
/// its kept connections. The first generation that does not start ends the pool with its reason. A worker that dies is
/// replaced after a delay; one that is worn (``Event/worn(worker:reason:)``) when its replacement is ready, one at a
/// time. Reloads that come while one runs are joined to one that follows it, since the configuration may have changed
/// after it was read.
///
/// Times are nanoseconds of the monotonic clock.
public struct PoolState: Sendable {
    /// Something that happened.
    public enum Event: Sendable, Equatable {
        /// Somebody wants a new generation, and with `.upgrade` a new supervisor too.
        case reload(Purpose = .reload)
        /// A configuration was checked and is good; start a generation with it.
        case prepared(generation: Int, settings: PoolSettings)
        /// The configuration, or the binary that was to check it, is not good.
        case refused(generation: Int, reason: String)
        /// A worker could take requests.
        case ready(worker: Int)
        /// A worker has answered the request that it was tried with.
        case proved(worker: Int)
        /// A worker cannot start, or has not stood the trial.
        case failed(worker: Int, reason: String)
        /// So many requests have been answered by a worker with a fault, in all.
        case faults(worker: Int, count: Int)
        /// A worker's process has said that it lives.
        case alive(worker: Int)
        /// A worker asks to be replaced.
        case worn(worker: Int, reason: String)
        /// A retired worker has lost whom it was to leave its connections to.
        case heirless(worker: Int)
        /// A worker of a supervisor before this one has been adopted (``adopt(generation:slot:shutdownTimeout:now:)``).
        case adopted(worker: Int)
        /// A worker's process has ended.
        case ended(worker: Int, ProcessEnd)
        /// Somebody outside has killed a worker's process, which says nothing about the worker.
        case killed(worker: Int)
        /// So many workers more, or fewer, until the next generation.
        case resize(by: Int)
        /// Drain all workers and wait; a reload or a resize brings some back.
        case pause
        /// The supervisor could not be replaced.
        case notReplaced(reason: String)
        /// Finish what runs, then end; said again, at once.
        case stop
        /// End at once.
        case quit
        /// Time has passed.
        case tick
    }

    /// What a new generation is for.
    public enum Purpose: Sendable, Equatable {
        /// The binary and the configuration on disk are to serve.
        case reload
        /// The same, and then the supervisor is to be of that binary too.
        case upgrade
        /// What serves is bad: the last good ones are to serve again.
        case takeBack
    }

    /// Something to do.
    public enum Action: Sendable, Equatable {
        /// Check the configuration on disk with the binary on disk; answer with `prepared` or `refused`.
        case prepare(generation: Int)
        /// Make a generation of the binary and the configuration of an earlier one.
        case restore(generation: Int, of: Int)
        /// Start a worker.
        case spawn(worker: Int, generation: Int, slot: Int)
        /// Have a worker answer a request; answer with `proved` or `failed`.
        case prove(worker: Int)
        /// Let a worker take requests.
        case accept(worker: Int)
        /// Tell a worker to end and to leave what is kept to another, if there is one.
        case retire(worker: Int, heir: Int?)
        /// Tell a worker to finish what runs and end.
        case drain(worker: Int)
        /// Tell a worker to end at once.
        case quit(worker: Int)
        /// End a worker that does not end by itself.
        case kill(worker: Int)
        /// A generation serves.
        case serving(generation: Int, workers: Int)
        /// A new generation came to nothing; the one before it serves on.
        case reloadFailed(generation: Int, reason: String)
        /// A generation that served is bad; it serves until the last good one does again.
        case takeBack(generation: Int, reason: String)
        /// A generation has been watched long enough.
        case good(generation: Int)
        /// Put the binary of the serving generation in the supervisor's place; `notReplaced` where that fails.
        case replaceSupervisor
        /// A worker that served has died and will be replaced.
        case died(worker: Int, ProcessEnd, replacedAfter: Int64)
        /// Tell people that a worker has said nothing for too long; it is ended by force next.
        case silent(worker: Int)
        /// A worker is worn, and another starts that will take its place.
        case recycle(worker: Int, reason: String)
        /// The pool has ended; `reason` where it could not start.
        case exit(reason: String?)
    }

    // What belongs to the rules of one file stands there: PoolState+Generations, +Workers, +End.

    /// All workers that live.
    public internal(set) var workers: [Worker] = []
    /// Why the pool is not what was asked for last; nil while it is.
    public internal(set) var degradation: String?
    /// True from the first stop on.
    public internal(set) var isStopping = false
    /// How many workers the pool is to have; 0 while it is paused.
    public internal(set) var target = 0

    var served: Served?
    var lastGood: Served?
    var rollout: Rollout?
    var next: Purpose?
    var watch: Watch?
    var succession = Succession.none
    var generationsMade = 0
    var workersMade = 0
    var delays: [Int: RestartDelay] = [:]
    var replacements: [Replacement] = []
    var nextRecycling = Int64.min
    var lastLook: Int64 = 0
    var startFailure: String?

    /// Makes a pool without workers; `reload` starts it.
    public init() {}

    /// Takes an event and says what is to be done, in order.
    public mutating func handle(_ event: Event, now: Int64) -> [Action] {
        take(event, now) + goOn(now)
    }

    private mutating func take(_ event: Event, _ now: Int64) -> [Action] {
        switch event {
        case .reload(let purpose): reload(purpose)
        case .prepared(let generation, let settings): prepared(generation, settings, now)
        case .refused(let generation, let reason): abandon(generation, reason)
        case .ready(let id): ready(id)
        case .proved(let id): proved(id, now)
        case .failed(let id, let reason): noteFailure(id, reason)
        case .faults(let id, let count): noteFaults(id, count, now)
        case .alive(let id): noteLife(id, now)
        case .worn(let id, let reason): noteWear(id, reason)
        case .heirless(let id): findHeir(id)
        case .adopted(let id): retireIfServed(id, now)
        case .ended(let id, let end): ended(id, end, now)
        case .killed(let id): ended(id, .killed(signal: Signal.kill.rawValue), now, isKilledFromOutside: true)
        case .resize(let count): resize(by: count, now)
        case .pause: pause(now)
        case .notReplaced(let reason): notReplaced(reason)
        case .stop: isStopping ? quit(now) : stop(now)
        case .quit: quit(now)
        case .tick: tick(now)
        }
    }

    /// Begins what had to wait for its turn.
    private mutating func goOn(_ now: Int64) -> [Action] {
        guard !isStopping, rollout == nil, served != nil else { return [] }
        switch succession {
        case .none: break
        case .wanted:
            succession = .underWay
            return [.replaceSupervisor]
        case .underWay: return []
        }
        if let purpose = next {
            next = nil
            return begin(purpose)
        }
        return recycle(now)
    }

    private mutating func tick(_ now: Int64) -> [Action] {
        var actions = abandonLateGeneration(now)
        // A replacement that hangs at its start, a worker that does not drain or quit: ended, and replaced in its turn.
        actions += kill { $0.deadline < now }
        actions += endSilent(now)
        actions += endWatch(now)
        guard !isStopping, let served else { return actions }
        let due = replacements.filter { $0.at <= now }
        replacements.removeAll { $0.at <= now }
        return actions + due.map { spawn(generation: served.number, slot: $0.slot, served.settings, now) }
    }
}
