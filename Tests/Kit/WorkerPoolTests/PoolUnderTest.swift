import Testing

@testable import WorkerPool

/// A pool under test: events go in with a clock, and the actions come out.
struct Pool {
    static let boot: Int64 = 10_000_000_000
    static let shutdown: Int64 = 30_000_000_000
    static let grace: Int64 = 5_000_000_000

    var state = PoolState()
    var now: Int64 = 1_000_000_000_000

    mutating func after(_ nanoseconds: Int64 = 0, _ event: PoolState.Event) -> [PoolState.Action] {
        now += nanoseconds
        return state.handle(event, now: now)
    }

    /// A worker says that it is ready, and stands its trial where there is one.
    mutating func proves(_ nanoseconds: Int64, worker: Int) -> [PoolState.Action] {
        let actions = after(nanoseconds, .ready(worker: worker))
        return actions == [.prove(worker: worker)] ? after(0, .proved(worker: worker)) : actions
    }

    static func settings(
        _ workers: Int,
        boot: Int64 = boot,
        shutdown: Int64 = shutdown,
        probation: PoolSettings.Probation = .none
    ) -> PoolSettings {
        PoolSettings(
            workers: workers,
            listen: .tcp(host: "127.0.0.1", port: 0),
            backlog: 16,
            bootTimeout: boot,
            shutdownTimeout: shutdown,
            probation: probation
        )
    }

    /// Brings up the next generation, whose workers get these numbers.
    mutating func serve(_ settings: PoolSettings, generation: Int = 1, workers: ClosedRange<Int>) {
        #expect(after(0, .reload()) == [.prepare(generation: generation)])
        #expect(after(0, .prepared(generation: generation, settings: settings)).count == settings.workers)
        for worker in workers { _ = proves(0, worker: worker) }
        #expect(state.generation == generation)
        #expect(state.readyWorkers == settings.workers)
    }

    static func serving(_ workers: Int) -> Pool {
        var pool = Pool()
        pool.serve(settings(workers), workers: 1...workers)
        return pool
    }
}
