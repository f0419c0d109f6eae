import Linux
import Testing

@testable import WorkerPool

struct PoolStateTests {
    private let died = ProcessEnd.killed(signal: 11)

    // MARK: - Start

    @Test func `a pool prepares, spawns, and serves when all workers are ready`() {
        var pool = Pool()
        #expect(pool.after(0, .tick) == [])
        #expect(pool.after(0, .reload()) == [.prepare(generation: 1)])
        #expect(pool.state.isReloading)
        #expect(
            pool.after(1, .prepared(generation: 1, settings: Pool.settings(2)))
                == [.spawn(worker: 1, generation: 1, slot: 0), .spawn(worker: 2, generation: 1, slot: 1)]
        )
        #expect(pool.after(1, .ready(worker: 2)) == [.prove(worker: 2)])
        #expect(pool.after(1, .proved(worker: 2)) == [])
        #expect(pool.state.generation == 0)
        #expect(
            pool.proves(1, worker: 1) == [.accept(worker: 1), .accept(worker: 2), .serving(generation: 1, workers: 2)]
        )
        #expect(!pool.state.isReloading)
        #expect(pool.state.readyWorkers == 2)
        #expect(pool.after(Pool.boot * 100, .tick) == [])
    }

    @Test func `what is unusual about a configuration is told while its generation serves`() throws {
        let unusual = PoolSettings(
            workers: 1,
            listen: .tcp(host: "127.0.0.1", port: 0),
            backlog: 16,
            bootTimeout: Pool.boot,
            shutdownTimeout: Pool.shutdown,
            notices: ["nothing is \"limited\""]
        )
        #expect(try PoolSettings(document: Array(#"{"pool": "#.utf8) + unusual.json() + Array("}".utf8)) == unusual)
        var pool = Pool.serving(1)
        #expect(pool.state.notices.isEmpty)
        pool.serve(unusual, generation: 2, workers: 2...2)
        #expect(pool.state.notices == ["nothing is \"limited\""])
    }

    @Test func `a configuration that is refused at the start ends the pool with its reason`() {
        var pool = Pool()
        _ = pool.after(0, .reload())
        #expect(pool.after(1, .refused(generation: 1, reason: "no such key")) == [.exit(reason: "no such key")])
    }

    @Test func `a worker that says why it cannot start ends the pool with that reason`() {
        var pool = Pool()
        _ = pool.after(0, .reload())
        _ = pool.after(0, .prepared(generation: 1, settings: Pool.settings(2)))
        #expect(pool.after(1, .failed(worker: 1, reason: "no table users")) == [])
        #expect(pool.after(1, .ended(worker: 1, .exited(1))) == [.kill(worker: 2)])
        #expect(pool.after(0, .failed(worker: 2, reason: "too late")) == [])
        #expect(pool.after(1, .ended(worker: 2, .killed(signal: 9))) == [.exit(reason: "no table users")])
    }

    @Test func `a worker that dies at the start without a word ends the pool too`() {
        var pool = Pool()
        _ = pool.after(0, .reload())
        _ = pool.after(0, .prepared(generation: 1, settings: Pool.settings(1)))
        #expect(
            pool.after(1, .ended(worker: 1, died))
                == [.exit(reason: "a new worker was ended by signal 11 before it was ready")]
        )
    }

    @Test func `a worker that hangs at the start ends the pool`() {
        var pool = Pool()
        _ = pool.after(0, .reload())
        _ = pool.after(0, .prepared(generation: 1, settings: Pool.settings(2)))
        _ = pool.proves(0, worker: 1)
        #expect(pool.after(Pool.boot, .tick) == [])
        #expect(pool.after(1, .tick) == [.kill(worker: 1), .kill(worker: 2)])
        #expect(pool.after(1, .tick) == [])
        #expect(pool.after(1, .ended(worker: 1, .killed(signal: 9))) == [])
        #expect(
            pool.after(1, .ended(worker: 2, .killed(signal: 9)))
                == [.exit(reason: "a new worker was not ready within 10 s")]
        )
    }

    // MARK: - Reload

    @Test func `a reload drains the old workers when all new ones are ready`() {
        var pool = Pool.serving(2)
        #expect(pool.after(1, .reload()) == [.prepare(generation: 2)])
        #expect(
            pool.after(1, .prepared(generation: 2, settings: Pool.settings(2)))
                == [.spawn(worker: 3, generation: 2, slot: 0), .spawn(worker: 4, generation: 2, slot: 1)]
        )
        #expect(pool.proves(1, worker: 3) == [])
        #expect(pool.state.generation == 1)
        #expect(
            pool.proves(1, worker: 4)
                == [
                    .accept(worker: 3), .accept(worker: 4), .serving(generation: 2, workers: 2),
                    .retire(worker: 1, heir: 3), .retire(worker: 2, heir: 4),
                ]
        )
        #expect(pool.state.readyWorkers == 2)
        #expect(pool.after(1, .ended(worker: 1, .exited(0))) == [])
        #expect(pool.after(1, .ended(worker: 2, died)) == [])
        #expect(pool.state.workers.map(\.id) == [3, 4])
    }

    @Test(arguments: [1, 2, 5])
    func `a reload may change the number of workers`(count: Int) {
        var pool = Pool.serving(2)
        pool.serve(Pool.settings(count), generation: 2, workers: 3...(2 + count))
        #expect(pool.state.workers.count { $0.phase == .draining } == 2)
        for worker in 1...2 { #expect(pool.after(1, .ended(worker: worker, .exited(0))) == []) }
        #expect(pool.state.workers.map(\.slot) == Array(0..<count))
    }

    @Test func `a reload that is refused changes nothing`() {
        var pool = Pool.serving(2)
        let before = pool.state.workers
        _ = pool.after(1, .reload())
        #expect(
            pool.after(1, .refused(generation: 2, reason: "bad key"))
                == [.reloadFailed(generation: 2, reason: "bad key")]
        )
        #expect(pool.state.workers == before)
        #expect(pool.state.generation == 1)
        #expect(pool.state.degradation == "the last reload failed: bad key")
        #expect(!pool.state.isReloading)
        pool.serve(Pool.settings(1), generation: 3, workers: 3...3)
        #expect(pool.state.degradation == nil)
    }

    @Test func `a new worker that dies takes the reload back`() {
        var pool = Pool.serving(2)
        _ = pool.after(1, .reload())
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(2)))
        _ = pool.proves(1, worker: 3)
        #expect(pool.after(0, .failed(worker: 4, reason: "no port")) == [])
        #expect(
            pool.after(1, .ended(worker: 4, .exited(1)))
                == [.kill(worker: 3), .reloadFailed(generation: 2, reason: "no port")]
        )
        #expect(pool.after(1, .ended(worker: 3, .killed(signal: 9))) == [])
        #expect(pool.state.readyWorkers == 2)
        #expect(pool.after(Pool.boot * 9, .tick) == [])
    }

    @Test func `a new worker that was ready and dies takes the reload back too`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload())
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(2)))
        _ = pool.proves(1, worker: 2)
        let reason = "a new worker was ended by signal 11 before it was ready"
        #expect(
            pool.after(1, .ended(worker: 2, died))
                == [.kill(worker: 3), .reloadFailed(generation: 2, reason: reason)]
        )
        // What the given-up one still says counts for nothing.
        #expect(pool.proves(1, worker: 3) == [])
        #expect(pool.state.generation == 1)
        #expect(pool.state.readyWorkers == 1)
    }

    @Test func `a new worker that hangs takes the reload back`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload())
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(1)))
        #expect(
            pool.after(Pool.boot + 1, .tick)
                == [
                    .kill(worker: 2),
                    .reloadFailed(generation: 2, reason: "a new worker was not ready within 10 s"),
                ]
        )
        #expect(pool.after(1, .tick) == [])
        #expect(pool.state.readyWorkers == 1)
    }

    @Test func `reloads during a reload are joined to one that follows it`() {
        var pool = Pool.serving(1)
        #expect(pool.after(1, .reload()) == [.prepare(generation: 2)])
        #expect(pool.after(1, .reload()) == [])
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(1)))
        #expect(pool.after(1, .reload()) == [])
        // What was on disk when they came may be newer than what the first one read.
        #expect(pool.proves(1, worker: 2).last == .prepare(generation: 3))
        #expect(pool.after(1, .refused(generation: 3, reason: "x")) == [.reloadFailed(generation: 3, reason: "x")])
    }

    @Test func `answers of a check that is over are of no effect`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload())
        _ = pool.after(1, .refused(generation: 2, reason: "x"))
        #expect(pool.after(1, .prepared(generation: 2, settings: Pool.settings(1))) == [])
        #expect(pool.after(1, .refused(generation: 2, reason: "y")) == [])
        #expect(pool.after(1, .prepared(generation: 9, settings: Pool.settings(1))) == [])
        #expect(pool.state.workers.count == 1)
    }

    @Test func `a worker has the boot timeout of its own generation`() {
        var pool = Pool()
        pool.serve(Pool.settings(1, boot: 1_000_000_000), workers: 1...1)
        _ = pool.after(1, .reload())
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(1, boot: 60_000_000_000)))
        #expect(pool.after(59_000_000_000, .tick) == [])
        #expect(
            pool.proves(1, worker: 2)
                == [.accept(worker: 2), .serving(generation: 2, workers: 1), .retire(worker: 1, heir: 2)]
        )
    }

    @Test func `a draining worker has the shutdown timeout of its own generation`() {
        var pool = Pool()
        pool.serve(Pool.settings(1, shutdown: 60_000_000_000), workers: 1...1)
        pool.serve(Pool.settings(1, shutdown: 1_000_000_000), generation: 2, workers: 2...2)
        #expect(pool.after(60_000_000_000 + Pool.grace, .tick) == [])
        #expect(pool.after(1, .tick) == [.kill(worker: 1)])
        #expect(pool.after(1, .tick) == [])
        #expect(pool.after(1, .ended(worker: 1, .killed(signal: 9))) == [])
    }

    @Test func `workers of three generations may live at once`() {
        var pool = Pool.serving(1)
        pool.serve(Pool.settings(1), generation: 2, workers: 2...2)
        pool.serve(Pool.settings(1), generation: 3, workers: 3...3)
        #expect(pool.state.workers.map(\.phase) == [.draining, .draining, .ready])
        #expect(pool.after(1, .ended(worker: 2, died)) == [])
        #expect(pool.after(1, .ended(worker: 1, .exited(0))) == [])
        #expect(pool.after(1, .ended(worker: 3, died)) == [.died(worker: 3, died, replacedAfter: 100_000_000)])
    }

    // MARK: - Deaths

    @Test func `a worker that dies is replaced after a delay, in its place`() {
        var pool = Pool.serving(2)
        #expect(pool.after(1, .ended(worker: 1, died)) == [.died(worker: 1, died, replacedAfter: 100_000_000)])
        #expect(pool.state.readyWorkers == 1)
        #expect(pool.after(99_999_999, .tick) == [])
        #expect(pool.after(1, .tick) == [.spawn(worker: 3, generation: 1, slot: 0)])
        #expect(pool.after(1, .tick) == [])
        #expect(pool.proves(1, worker: 3) == [.accept(worker: 3)])
        #expect(pool.state.readyWorkers == 2)
    }

    @Test func `a worker that leaves by itself is replaced at once, unless it was not ready`() {
        var pool = Pool.serving(1)
        let left = ProcessEnd.exited(0)
        #expect(pool.after(1, .ended(worker: 1, left)) == [.died(worker: 1, left, replacedAfter: 0)])
        #expect(pool.after(0, .tick) == [.spawn(worker: 2, generation: 1, slot: 0)])
        // Else a program that leaves at its start would be started without end.
        #expect(pool.after(1, .ended(worker: 2, left)) == [.died(worker: 2, left, replacedAfter: 100_000_000)])
    }

    @Test func `replacements that fail wait longer each time, and each place for itself`() {
        var pool = Pool.serving(2)
        var worker = 1
        for (next, delay) in zip(3..., [100, 200, 400, 800] as [Int64]) {
            let nanoseconds = delay * 1_000_000
            #expect(
                pool.after(1, .ended(worker: worker, died))
                    == [.died(worker: worker, died, replacedAfter: nanoseconds)]
            )
            #expect(pool.after(nanoseconds, .tick) == [.spawn(worker: next, generation: 1, slot: 0)])
            #expect(pool.after(0, .failed(worker: next, reason: "still broken")) == [])
            worker = next
        }
        // The other has served meanwhile.
        #expect(pool.after(1, .ended(worker: 2, died)) == [.died(worker: 2, died, replacedAfter: 0)])
        #expect(!pool.state.isStopping)
    }

    @Test func `a replacement that hangs is ended and replaced in its turn`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .ended(worker: 1, died))
        #expect(pool.after(100_000_000, .tick) == [.spawn(worker: 2, generation: 1, slot: 0)])
        #expect(pool.after(Pool.boot, .tick) == [])
        #expect(pool.after(1, .tick) == [.kill(worker: 2)])
        #expect(pool.after(1, .tick) == [])
        let end = ProcessEnd.killed(signal: 9)
        #expect(pool.after(1, .ended(worker: 2, end)) == [.died(worker: 2, end, replacedAfter: 200_000_000)])
    }

    @Test func `workers that served are replaced at once, however many of them are killed`() {
        var pool = Pool.serving(2)
        for worker in 1...300 {
            // There is always one that serves, as long as one starts faster than the next is killed.
            #expect(
                pool.after(200_000_000, .ended(worker: worker, died))
                    == [.died(worker: worker, died, replacedAfter: 0)]
            )
            #expect(pool.after(0, .tick) == [.spawn(worker: worker + 2, generation: 1, slot: (worker + 1) % 2)])
            #expect(pool.state.readyWorkers == 1)
            _ = pool.proves(0, worker: worker + 2)
        }
    }

    @Test func `a worker that crashes as soon as it serves is replaced after a second at most`() {
        var pool = Pool.serving(1)
        for (worker, delay) in zip(1..., [100, 200, 400, 800, 1000, 1000] as [Int64]) {
            let nanoseconds = delay * 1_000_000
            #expect(
                pool.after(1, .ended(worker: worker, died))
                    == [.died(worker: worker, died, replacedAfter: nanoseconds)]
            )
            _ = pool.after(nanoseconds, .tick)
            _ = pool.proves(1, worker: worker + 1)
        }
    }

    @Test func `one that somebody kills is replaced at once, however often, and counts against nobody`() {
        var pool = Pool.serving(1)
        let killed = ProcessEnd.killed(signal: 9)
        for worker in 1...40 {
            #expect(pool.after(1, .killed(worker: worker)) == [.died(worker: worker, killed, replacedAfter: 0)])
            #expect(pool.after(0, .tick) == [.spawn(worker: worker + 1, generation: 1, slot: 0)])
            if worker.isMultiple(of: 3) { _ = pool.proves(1, worker: worker + 1) }
        }
        #expect(pool.after(1, .ended(worker: 41, died)) == [.died(worker: 41, died, replacedAfter: 100_000_000)])
    }

    @Test func `a worker that served after others had failed at the start is replaced at once again`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .ended(worker: 1, died))
        for worker in 2...4 {
            _ = pool.after(30_000_000_000, .tick)
            _ = pool.after(0, .ended(worker: worker, died))
        }
        _ = pool.after(30_000_000_000, .tick)
        _ = pool.proves(1, worker: 5)
        #expect(
            pool.after(RestartDelay.servedAfter, .ended(worker: 5, died)).last
                == .died(worker: 5, died, replacedAfter: 0)
        )
    }

    @Test func `a death during a reload is replaced while the reload goes on`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload())
        #expect(pool.after(1, .ended(worker: 1, died)) == [.died(worker: 1, died, replacedAfter: 100_000_000)])
        #expect(pool.after(100_000_000, .tick) == [.spawn(worker: 2, generation: 1, slot: 0)])
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(1)))
        // The replacement is not ready yet and drains all the same; it is told as soon as it listens.
        #expect(
            pool.proves(1, worker: 3)
                == [.accept(worker: 3), .serving(generation: 2, workers: 1), .retire(worker: 2, heir: 3)]
        )
        #expect(pool.proves(1, worker: 2) == [])
        #expect(pool.state.workers.first { $0.id == 2 }?.phase == .draining)
    }

    @Test func `a new generation owes nothing to deaths in the old one`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .ended(worker: 1, died))
        pool.serve(Pool.settings(1), generation: 2, workers: 2...2)
        #expect(pool.after(1, .ended(worker: 2, died)) == [.died(worker: 2, died, replacedAfter: 100_000_000)])
        #expect(pool.after(99_999_999, .tick) == [])
        #expect(pool.after(1, .tick) == [.spawn(worker: 3, generation: 2, slot: 0)])
    }

    @Test func `events of workers that are unknown or gone are of no effect`() {
        var pool = Pool.serving(1)
        #expect(pool.proves(1, worker: 9) == [])
        #expect(pool.after(1, .ended(worker: 9, died)) == [])
        #expect(pool.after(1, .failed(worker: 9, reason: "x")) == [])
        #expect(pool.proves(1, worker: 1) == [])
        #expect(pool.state.readyWorkers == 1)
    }

    // MARK: - Silence

    @Test func `a worker that says nothing for ten seconds is ended by force, and replaced`() {
        var pool = Pool.serving(2)
        _ = pool.after(0, .tick)
        for worker in 1...2 { #expect(pool.after(0, .alive(worker: worker)) == []) }
        for _ in 0..<10 {
            #expect(pool.after(1_000_000_000, .alive(worker: 1)) == [])
            #expect(pool.after(0, .tick) == [])
        }
        #expect(pool.after(1, .tick) == [.silent(worker: 2), .kill(worker: 2)])
        #expect(pool.after(1, .tick) == [])
        let end = ProcessEnd.killed(signal: 9)
        #expect(pool.after(1, .ended(worker: 2, end)) == [.died(worker: 2, end, replacedAfter: 0)])
        #expect(pool.after(0, .tick) == [.spawn(worker: 3, generation: 1, slot: 1)])
    }

    @Test func `a supervisor that has not looked for a while holds nobody's silence against it`() {
        var pool = Pool.serving(1)
        _ = pool.after(0, .tick)
        _ = pool.after(0, .alive(worker: 1))
        #expect(pool.after(60_000_000_000, .tick) == [])
        #expect(pool.after(1_000_000_000, .tick) == [])
    }

    @Test func `a worker that has never said that it lives is let alone`() {
        var pool = Pool.serving(1)
        for _ in 0..<100 { #expect(pool.after(1_000_000_000, .tick) == []) }
    }

    // MARK: - Stop

    @Test func `a stop drains all workers and ends with the last one`() {
        var pool = Pool.serving(2)
        #expect(pool.after(1, .stop) == [.drain(worker: 1), .drain(worker: 2)])
        #expect(pool.state.isStopping)
        #expect(pool.after(1, .ended(worker: 2, .exited(0))) == [])
        #expect(pool.after(1, .ended(worker: 1, died)) == [.exit(reason: nil)])
    }

    @Test func `a stop before anything runs ends at once`() {
        var pool = Pool()
        #expect(pool.after(0, .stop) == [.exit(reason: nil)])
        var checking = Pool()
        _ = checking.after(0, .reload())
        #expect(checking.after(1, .stop) == [.exit(reason: nil)])
        #expect(checking.after(1, .prepared(generation: 1, settings: Pool.settings(2))) == [])
        #expect(checking.state.workers.isEmpty)
    }

    @Test func `a second stop quits`() {
        var pool = Pool.serving(2)
        _ = pool.after(1, .stop)
        #expect(pool.after(1, .stop) == [.quit(worker: 1), .quit(worker: 2)])
        #expect(pool.after(1, .ended(worker: 1, .exited(0))) == [])
        #expect(pool.after(1, .ended(worker: 2, .exited(0))) == [.exit(reason: nil)])
    }

    @Test func `a worker that does not drain in its time is killed`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .stop)
        #expect(pool.after(Pool.shutdown + Pool.grace, .tick) == [])
        #expect(pool.after(1, .tick) == [.kill(worker: 1)])
        #expect(pool.after(1, .tick) == [])
    }

    @Test func `a worker that does not quit is killed`() {
        var pool = Pool.serving(2)
        #expect(pool.after(1, .quit) == [.quit(worker: 1), .quit(worker: 2)])
        #expect(pool.after(1, .ended(worker: 1, .exited(0))) == [])
        #expect(pool.after(999_999_999, .tick) == [])
        // One that becomes ready late is told all the same, and gets no more time.
        #expect(pool.proves(0, worker: 2) == [])
        #expect(pool.after(1, .tick) == [.kill(worker: 2)])
        #expect(pool.after(1, .ended(worker: 2, .killed(signal: 9))) == [.exit(reason: nil)])
    }

    @Test func `a quit during a drain does not prolong it`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .stop)
        _ = pool.after(Pool.shutdown + Pool.grace - 1, .quit)
        #expect(pool.after(2, .tick) == [.kill(worker: 1)])
    }

    @Test func `a stop during the first start reaches workers that hang`() {
        var pool = Pool()
        _ = pool.after(0, .reload())
        _ = pool.after(0, .prepared(generation: 1, settings: Pool.settings(2)))
        _ = pool.proves(0, worker: 1)
        #expect(pool.after(1, .stop) == [.drain(worker: 1), .drain(worker: 2)])
        #expect(pool.proves(1, worker: 2) == [])
        #expect(pool.after(1, .ended(worker: 1, .exited(0))) == [])
        #expect(pool.after(Pool.shutdown + Pool.grace, .tick) == [.kill(worker: 2)])
        #expect(pool.after(1, .ended(worker: 2, .killed(signal: 9))) == [.exit(reason: nil)])
    }

    @Test func `a stop during a reload ends the new workers too`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .reload())
        _ = pool.after(1, .prepared(generation: 2, settings: Pool.settings(2)))
        #expect(pool.after(1, .stop) == [.drain(worker: 1), .drain(worker: 2), .drain(worker: 3)])
        #expect(!pool.state.isReloading)
        for worker in [2, 3] { #expect(pool.proves(1, worker: worker) == []) }
        for worker in [3, 1] { #expect(pool.after(1, .ended(worker: worker, .exited(0))) == []) }
        #expect(pool.after(1, .ended(worker: 2, .exited(0))) == [.exit(reason: nil)])
    }

    @Test func `a stop forgets a check and replacements that are due`() {
        var pool = Pool.serving(2)
        _ = pool.after(1, .reload())
        _ = pool.after(1, .ended(worker: 1, died))
        _ = pool.after(1, .stop)
        #expect(pool.after(100_000_000, .tick) == [])
        #expect(pool.after(1, .prepared(generation: 2, settings: Pool.settings(2))) == [])
        #expect(pool.after(1, .refused(generation: 2, reason: "x")) == [])
        #expect(pool.after(1, .ended(worker: 2, .exited(0))) == [.exit(reason: nil)])
    }

    @Test func `a reload during a stop is not begun`() {
        var pool = Pool.serving(1)
        _ = pool.after(1, .stop)
        #expect(pool.after(1, .reload()) == [])
        #expect(!pool.state.isReloading)
        #expect(pool.after(1, .ended(worker: 1, died)) == [.exit(reason: nil)])
    }

    @Test func `a worker that dies during a stop is not replaced`() {
        var pool = Pool.serving(2)
        _ = pool.after(1, .stop)
        #expect(pool.after(1, .ended(worker: 1, died)) == [])
        #expect(pool.after(60_000_000_000, .tick) == [.kill(worker: 2)])
    }
}
