import Logging
import Testing

@testable import WorkerPool

struct PeriodicTasksTests {
    private struct Refusal: Error {}

    /// What the tasks of a test do, and the time.
    private final class World {
        var now: Int64 = 0
        var done: [String] = []
        var left = 0
        var isFailing = false
    }

    private let world = World()
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func tasks(_ tasks: [PeriodicTasks.Task]) -> PeriodicTasks {
        let world = world
        return PeriodicTasks(tasks, last: { world.done.append("last") }, log: log, now: { world.now })
    }

    @Test func `each task comes up at once and then after its interval`() {
        let tasks = tasks([
            .init("often", every: .milliseconds(100)) { [world] in
                world.done.append("often")
                return .done
            },
            .init("seldom", every: .seconds(1)) { [world] in
                world.done.append("seldom")
                return .done
            },
        ])
        for now in stride(from: 0, through: 1_000_000_000, by: 50_000_000) as StrideThrough<Int64> {
            world.now = now
            tasks.tick()
        }
        #expect(world.done.count { $0 == "often" } == 11)
        #expect(world.done.count { $0 == "seldom" } == 2)
        tasks.finish()
        #expect(world.done.last == "last")
    }

    @Test func `a task with more to do comes up again with the next call`() {
        world.left = 3
        let tasks = tasks([
            .init("batches", every: .seconds(1)) { [world] in
                world.left -= 1
                return world.left > 0 ? .more : .done
            }
        ])
        for _ in 0..<10 { tasks.tick() }
        #expect(world.left == 0)
    }

    @Test func `a task that fails waits for its next time, and the others go on`() {
        world.isFailing = true
        let tasks = tasks([
            .init("fails", every: .seconds(1)) { [world] in
                world.done.append("tried")
                if world.isFailing { throw Refusal() }
                return .done
            },
            .init("works", every: .milliseconds(1)) { [world] in
                world.done.append("worked")
                return .done
            },
        ])
        tasks.tick()
        world.now = 2_000_000
        tasks.tick()
        #expect(world.done == ["tried", "worked", "worked"])
        world.isFailing = false
        world.now = 1_000_000_000
        tasks.tick()
        #expect(world.done.count { $0 == "tried" } == 2)
    }
}
