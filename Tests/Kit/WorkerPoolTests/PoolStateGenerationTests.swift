import Linux
import Testing

@testable import WorkerPool

/// The trial of new workers, the watch after a reload, upgrades, recycling and the number of workers.
struct PoolStateGenerationTests {
    private let died = ProcessEnd.killed(signal: 11)
    private let watched = PoolSettings.Probation(time: 10_000_000_000, deaths: 1, faults: 5)

    /// A pool whose second generation of two workers, 3 and 4, is watched.
    private func watching() -> Pool {
        var pool = Pool()
        pool.serve(Pool.settings(2), workers: 1...2)
        pool.serve(Pool.settings(2, probation: watched), generation: 2, workers: 3...4)
        for worker in 1...2 { _ = pool.after(0, .ended(worker: worker, .exited(0))) }
        return pool
    }

    // MARK: - The trial

    @Test func `no worker takes requests before all of its generation have been tried`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload())
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(2)))
        #expect(pool.after(1, .ready(worker: 2)) == [.prove(worker: 2)])
        #expect(pool.after(1, .proved(worker: 2)) == [])
        #expect(pool.after(1, .ready(worker: 3)) == [.prove(worker: 3)])
        #expect(pool.state.workers.map(\.phase) == [.ready, .proved, .proving])
        #expect(pool.state.generation == 1)
        #expect(
            pool.after(1, .proved(worker: 3))
                == [
                    .accept(worker: 2), .accept(worker: 3), .serving(generation: 2, workers: 2),
                    .retire(worker: 1, heir: 2),
                ]
        )
    }

    @Test func `a worker that answers wrongly ends, and the reload with it`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload())
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(1)))
        _ = pool.after(1, .ready(worker: 2))
        #expect(pool.after(1, .failed(worker: 2, reason: "it said no")) == [.kill(worker: 2)])
        #expect(
            pool.after(1, .ended(worker: 2, .killed(signal: 9)))
                == [.reloadFailed(generation: 2, reason: "it said no")]
        )
        #expect(pool.state.degradation == "the last reload failed: it said no")
    }

    @Test func `a worker that never answers is late like one that never starts`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload())
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(1)))
        _ = pool.after(Pool.boot - 1, .ready(worker: 2))
        #expect(pool.after(1, .tick) == [])
        #expect(pool.after(1, .tick).first == .kill(worker: 2))
        #expect(!pool.state.isReloading)
    }

    @Test func `a replacement is tried like any other`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .ended(worker: 1, died))
        _ = pool.after(100_000_000, .tick)
        #expect(pool.after(1, .ready(worker: 2)) == [.prove(worker: 2)])
        #expect(pool.after(1, .failed(worker: 2, reason: "wrong")) == [.kill(worker: 2)])
        let end = ProcessEnd.killed(signal: 9)
        #expect(pool.after(1, .ended(worker: 2, end)) == [.died(worker: 2, end, replacedAfter: 200_000_000)])
    }

    // MARK: - The watch

    @Test func `a generation that does well while it is watched is good`() {
        var pool = watching()
        #expect(pool.state.generationsInUse.contains(1))
        #expect(pool.after(watched.time - 1, .tick) == [])
        #expect(pool.after(1, .tick) == [.good(generation: 2)])
        #expect(pool.state.generationsInUse == [0, 2])
        for worker in 3...4 { _ = pool.after(1, .ended(worker: worker, died)) }
        #expect(!pool.state.isReloading)
    }

    @Test func `workers that die while they are watched bring the last good generation back`() {
        var pool = watching()
        #expect(pool.after(1, .ended(worker: 3, died)) == [.died(worker: 3, died, replacedAfter: 100_000_000)])
        let reason = "2 of its workers died within 10 s"
        #expect(
            pool.after(1, .ended(worker: 4, died))
                == [
                    .died(worker: 4, died, replacedAfter: 100_000_000), .takeBack(generation: 2, reason: reason),
                    .restore(generation: 3, of: 1), .spawn(worker: 5, generation: 3, slot: 0),
                    .spawn(worker: 6, generation: 3, slot: 1),
                ]
        )
        #expect(pool.state.degradation == "generation 2 was taken back: \(reason)")
        // What is bad serves on until the good one does: it may answer some.
        #expect(pool.after(100_000_000, .tick).count == 2)
        _ = pool.proves(1, worker: 7)
        _ = pool.proves(1, worker: 5)
        #expect(
            pool.proves(1, worker: 6)
                == [
                    .accept(worker: 5), .accept(worker: 6), .serving(generation: 3, workers: 2),
                    .retire(worker: 7, heir: 5), .retire(worker: 8, heir: 6),
                ]
        )
        #expect(pool.state.degradation == "generation 2 was taken back: \(reason)")
        // It is known to be good, and nothing comes back for it.
        for worker in 5...6 { _ = pool.after(1, .ended(worker: worker, died)) }
        #expect(!pool.state.isReloading)
        pool.serve(Pool.settings(1), generation: 4, workers: 9...9)
        #expect(pool.state.degradation == nil)
    }

    @Test func `faults of the new workers bring the last good generation back, and those of old ones do not`() {
        var pool = Pool.serving(1)
        pool.serve(Pool.settings(2, probation: watched), generation: 2, workers: 2...3)
        #expect(pool.after(1, .faults(worker: 1, count: 100)) == [])
        #expect(pool.after(1, .faults(worker: 2, count: 3)) == [])
        #expect(pool.after(1, .faults(worker: 3, count: 2)) == [])
        // Counts are totals.
        #expect(pool.after(1, .faults(worker: 2, count: 3)) == [])
        let reason = "it answered 6 requests with a fault within 10 s"
        #expect(pool.after(1, .faults(worker: 2, count: 4)).first == .takeBack(generation: 2, reason: reason))
    }

    @Test func `a worker that was ended by hand counts as no death`() {
        var pool = watching()
        for worker in 3...4 { _ = pool.after(1, .ended(worker: worker, .exited(0))) }
        #expect(!pool.state.isReloading)
        #expect(pool.after(0, .tick).count == 2)
    }

    @Test func `the first generation has nothing to go back to`() {
        var pool = Pool()
        pool.serve(Pool.settings(1, probation: watched), workers: 1...1)
        for worker in 1...4 {
            #expect(pool.after(0, .ended(worker: worker, died)).count == 1)
            _ = pool.after(30_000_000_000, .tick)
            _ = pool.proves(0, worker: worker + 1)
        }
        #expect(pool.state.degradation == nil)
    }

    @Test func `a last good generation that does not start leaves the bad one, and says both`() {
        var pool = watching()
        for worker in 3...4 { _ = pool.after(1, .ended(worker: worker, died)) }
        _ = pool.after(1, .failed(worker: 5, reason: "no memory"))
        #expect(
            pool.after(1, .ended(worker: 5, .exited(1)))
                == [.kill(worker: 6), .reloadFailed(generation: 3, reason: "no memory")]
        )
        #expect(pool.state.generation == 2)
        #expect(
            pool.state.degradation
                == "generation 2 was taken back: 2 of its workers died within 10 s; the last good one did not start: "
                + "no memory"
        )
    }

    @Test func `a reload while a generation is watched keeps the one that was good before`() {
        var pool = watching()
        pool.serve(Pool.settings(1, probation: watched), generation: 3, workers: 5...5)
        #expect(pool.state.generationsInUse.contains(1))
        for worker in 5...6 {
            _ = pool.after(0, .ended(worker: worker, died))
            _ = pool.after(200_000_000, .tick)
        }
        #expect(pool.state.isReloading)
        #expect(pool.state.generationsInUse.contains(1))
    }

    @Test func `a reload that was asked for is waited for instead of going back`() {
        var pool = watching()
        _ = pool.after(1, .reload())
        for worker in 3...4 { #expect(pool.after(1, .ended(worker: worker, died)).count == 1) }
        // Where it fails the next death says what there is to say.
        _ = pool.after(1, .refused(generation: 3, reason: "x"))
        _ = pool.after(100_000_000, .tick)
        #expect(pool.after(1, .ended(worker: 5, died)).contains(.restore(generation: 4, of: 1)))
    }

    // MARK: - Upgrade

    @Test func `an upgrade is a reload after which the supervisor is replaced`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload(.upgrade))
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(1)))
        #expect(
            pool.proves(1, worker: 2)
                == [
                    .accept(worker: 2), .serving(generation: 2, workers: 1), .retire(worker: 1, heir: 2),
                    .replaceSupervisor,
                ]
        )
        #expect(pool.after(1, .notReplaced(reason: "no such file")) == [])
        #expect(pool.state.degradation == "the supervisor is of the program before: no such file")
        #expect(pool.after(1, .tick) == [])
    }

    @Test func `an upgrade that fails leaves the supervisor alone`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload(.upgrade))
        #expect(pool.after(1, .refused(generation: 2, reason: "x")) == [.reloadFailed(generation: 2, reason: "x")])
        pool.serve(Pool.settings(1), generation: 3, workers: 2...2)
        #expect(pool.after(1, .tick) == [])
    }

    @Test func `an upgrade that joins a reload is done by the one that follows`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload())
        for purpose in [.upgrade, .reload] as [PoolState.Purpose] { #expect(pool.after(1, .reload(purpose)) == []) }
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(1)))
        #expect(pool.proves(1, worker: 2).last == .prepare(generation: 3))
        _ = pool.after(1, .prepared(generation: 3, settings: Pool.settings(1)))
        #expect(pool.proves(1, worker: 3).last == .replaceSupervisor)
    }

    @Test func `a reload waits until the supervisor has been replaced`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload(.upgrade))
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(1)))
        #expect(pool.proves(1, worker: 2).last == .replaceSupervisor)
        #expect(pool.after(1, .reload()) == [])
        #expect(pool.after(1, .tick) == [])
        #expect(pool.after(1, .notReplaced(reason: "x")) == [.prepare(generation: 3)])
    }

    // MARK: - Recycling

    @Test func `a worn worker retires when its replacement has been tried, one at a time`() {
        var pool = Pool.serving(2)
        #expect(
            pool.after(1, .worn(worker: 1, reason: "1000 requests"))
                == [.recycle(worker: 1, reason: "1000 requests"), .spawn(worker: 3, generation: 1, slot: 0)]
        )
        #expect(pool.after(1, .worn(worker: 2, reason: "old")) == [])
        #expect(
            pool.proves(1, worker: 3)
                == [
                    .accept(worker: 3), .retire(worker: 1, heir: 3), .recycle(worker: 2, reason: "old"),
                    .spawn(worker: 4, generation: 1, slot: 1),
                ]
        )
        #expect(pool.state.readyWorkers == 2)
        #expect(pool.proves(1, worker: 4) == [.accept(worker: 4), .retire(worker: 2, heir: 4)])
        for worker in 1...2 { #expect(pool.after(1, .ended(worker: worker, .exited(0))) == []) }
        #expect(pool.after(1, .tick) == [])
    }

    @Test func `a replacement of a worn worker that cannot start is tried again later`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .worn(worker: 1, reason: "old"))
        #expect(pool.after(1, .ended(worker: 2, died)) == [.died(worker: 2, died, replacedAfter: 100_000_000)])
        #expect(pool.state.readyWorkers == 1)
        #expect(pool.after(99_999_999, .tick) == [])
        #expect(
            pool.after(1, .tick) == [.recycle(worker: 1, reason: "old"), .spawn(worker: 3, generation: 1, slot: 0)]
        )
    }

    @Test func `a worn worker that dies leaves its place to the replacement, and to one after that`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .worn(worker: 1, reason: "old"))
        _ = pool.after(1, .ended(worker: 1, died))
        #expect(pool.after(1_000_000_000, .tick) == [])
        _ = pool.after(1, .ended(worker: 2, died))
        #expect(pool.after(1_000_000_000, .tick) == [.spawn(worker: 3, generation: 1, slot: 0)])
        #expect(pool.proves(1, worker: 3) == [.accept(worker: 3)])
    }

    @Test func `nothing is recycled during a reload`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload())
        #expect(pool.after(1, .worn(worker: 1, reason: "old")) == [])
        #expect(
            pool.after(1, .refused(generation: 2, reason: "x"))
                == [
                    .reloadFailed(generation: 2, reason: "x"), .recycle(worker: 1, reason: "old"),
                    .spawn(worker: 2, generation: 1, slot: 0),
                ]
        )
    }

    // MARK: - Heirs

    @Test func `who retires and has lost its heir gets another who serves`() {
        var pool = Pool.serving(2)
        pool.serve(Pool.settings(2), generation: 2, workers: 3...4)
        let heir = pool.after(1, .heirless(worker: 1))
        #expect(heir == [.retire(worker: 1, heir: 3)] || heir == [.retire(worker: 1, heir: 4)])
        #expect(pool.after(1, .heirless(worker: 3)) == [])
        for worker in 3...4 { _ = pool.after(1, .ended(worker: worker, died)) }
        #expect(pool.after(1, .heirless(worker: 1)) == [])
    }

    // MARK: - Workers of a supervisor before

    @Test func `workers that were adopted serve until the first generation does, and leave what they keep to it`() {
        var pool = Pool()
        #expect(pool.after(0, .reload()) == [.prepare(generation: 1)])
        // The numbers of their generation and places are those of the new ones.
        let old = (0..<2).map { pool.state.adopt(generation: 1, slot: $0, shutdownTimeout: 0, now: pool.now) }
        for worker in old { #expect(pool.after(0, .adopted(worker: worker)) == []) }
        #expect(pool.state.readyWorkers == 2)
        #expect(pool.after(0, .prepared(generation: 1, settings: Pool.settings(2))).count == 2)
        #expect(pool.proves(0, worker: 3) == [])
        #expect(
            pool.proves(0, worker: 4) == [
                .accept(worker: 3), .accept(worker: 4), .serving(generation: 1, workers: 2),
                .retire(worker: 1, heir: 3), .retire(worker: 2, heir: 4),
            ]
        )
        for worker in old { #expect(pool.after(0, .ended(worker: worker, .exited(0))) == []) }
        #expect(pool.state.readyWorkers == 2)
    }

    @Test func `a worker that was adopted and ends is not replaced, and spoils no start`() {
        var pool = Pool()
        #expect(pool.after(0, .reload()) == [.prepare(generation: 1)])
        let old = pool.state.adopt(generation: 1, slot: 0, shutdownTimeout: 0, now: pool.now)
        #expect(pool.after(0, .prepared(generation: 1, settings: Pool.settings(1))).count == 1)
        #expect(pool.after(0, .ended(worker: old, .exited(0))) == [])
        #expect(pool.proves(0, worker: 2) == [.accept(worker: 2), .serving(generation: 1, workers: 1)])
        #expect(pool.after(Pool.boot, .tick) == [])
    }

    @Test func `one that is adopted late retires at once, and later generations have higher numbers`() {
        var pool = Pool.serving(1)
        let old = pool.state.adopt(generation: 7, slot: 0, shutdownTimeout: 0, now: pool.now)
        #expect(pool.after(0, .adopted(worker: old)) == [.retire(worker: old, heir: 1)])
        #expect(pool.after(0, .reload()) == [.prepare(generation: 8)])
    }

    @Test func `a pool that does not start ends without those that it adopted`() {
        var pool = Pool()
        _ = pool.after(0, .reload())
        let old = pool.state.adopt(generation: 1, slot: 0, shutdownTimeout: 0, now: pool.now)
        _ = pool.after(0, .adopted(worker: old))
        #expect(pool.after(0, .refused(generation: 1, reason: "no")) == [.exit(reason: "no")])
    }

    // MARK: - Number

    @Test func `workers come and go one by one, and a reload brings the configured number`() {
        var pool = Pool.serving(2)
        #expect(pool.after(1, .resize(by: 1)) == [.spawn(worker: 3, generation: 1, slot: 2)])
        #expect(pool.state.target == 3)
        #expect(pool.proves(1, worker: 3) == [.accept(worker: 3)])
        #expect(pool.after(1, .resize(by: -1)) == [.retire(worker: 3, heir: 2)])
        #expect(pool.after(1, .resize(by: -1)) == [.retire(worker: 2, heir: 1)])
        #expect(pool.after(1, .resize(by: -1)) == [])
        #expect(pool.state.target == 1)
        for worker in 2...3 { #expect(pool.after(1, .ended(worker: worker, .exited(0))) == []) }
        #expect(pool.after(1, .resize(by: 1)) == [.spawn(worker: 4, generation: 1, slot: 1)])
        pool.serve(Pool.settings(2), generation: 2, workers: 5...6)
        #expect(pool.state.target == 2)
    }

    @Test func `one fewer is first of all one that is not there`() {
        var pool = Pool.serving(2)
        _ = pool.after(1, .ended(worker: 1, died))
        #expect(pool.after(1, .resize(by: -1)) == [])
        #expect(pool.after(1_000_000_000, .tick) == [])
        #expect(pool.state.workers.map(\.id) == [2])
    }

    @Test func `a pause drains all workers until one is wanted again`() {
        var pool = Pool.serving(2)
        #expect(pool.after(1, .pause) == [.drain(worker: 1), .drain(worker: 2)])
        #expect(pool.after(1, .ended(worker: 1, .exited(0))) == [])
        #expect(pool.after(1, .ended(worker: 2, died)) == [])
        #expect(pool.after(1_000_000_000, .tick) == [])
        #expect(!pool.state.isStopping)
        #expect(pool.after(1, .resize(by: 1)) == [.spawn(worker: 3, generation: 1, slot: 0)])
        #expect(pool.after(1, .pause) == [.drain(worker: 3)])
        pool.serve(Pool.settings(2), generation: 2, workers: 4...5)
    }

    @Test func `a pool that starts, reloads or stops is not paused`() {
        var pool = Pool()
        #expect(pool.after(1, .pause) == [])
        pool.serve(Pool.settings(1), workers: 1...1)
        _ = pool.after(1, .reload())
        #expect(pool.after(1, .pause) == [])
        _ = pool.after(1, .stop)
        for event in [.pause, .resize(by: 1), .reload()] as [PoolState.Event] { #expect(pool.after(1, event) == []) }
    }
}
