import Linux
import LinuxTestSupport
import Testing
import WorkerPool

@Suite(.timeLimit(.minutes(10)))
struct SystemdObserverTests {
    private let listener: NotificationListener

    init() throws {
        listener = try NotificationListener()
    }

    private func serving(plan: String, watchdog: Int = 0) throws -> RunningPool {
        let environment = "export NOTIFY_SOCKET='\(listener.path)' WATCHDOG_USEC=\(watchdog)"
        return try RunningPool.serving(plan: plan, shell: environment)
    }

    @Test func `a service manager hears of the start, of reloads and of the end`() throws {
        let pool = try serving(plan: "workers=2")
        #expect(try listener.receive() == "READY=1\nSTATUS=Generation 1 serves with 2 workers.")
        _ = try pool.command("reload")
        let reloading = try listener.receive().split(separator: "\n")
        #expect(reloading.first == "RELOADING=1")
        let time = try #require(reloading.dropFirst().first.flatMap { Int64($0.dropFirst("MONOTONIC_USEC=".count)) })
        let now = SystemClock.monotonicNanoseconds() / 1000
        #expect(time <= now && time > now - 60_000_000)
        #expect(try listener.receive() == "READY=1\nSTATUS=Generation 2 serves with 2 workers.")
        try pool.plan("refuse")
        _ = try pool.command("reload")
        #expect(try listener.receive().hasPrefix("RELOADING=1\n"))
        #expect(
            try listener.receive() == "READY=1\nSTATUS=The reload failed and generation 2 serves on: the plan says so"
        )
        pool.send(.terminate)
        #expect(try listener.receive() == "STOPPING=1\nSTATUS=Finishing the requests that run.")
        #expect(try pool.end() == .exited(0))
    }

    @Test func `a service manager that watches gets signs of life in time`() throws {
        let pool = try serving(plan: "workers=1", watchdog: 600_000)
        _ = try listener.receive("WATCHDOG=1")
        let first = SystemClock.monotonicNanoseconds()
        for _ in 0..<4 { _ = try listener.receive("WATCHDOG=1") }
        // Four intervals of a third each, and some air for a busy machine.
        #expect(SystemClock.monotonicNanoseconds() - first < 4 * 600_000_000)
        pool.send(.terminate)
        #expect(try pool.end() == .exited(0))
    }

    @Test func `a service manager that nobody listens for disturbs nothing`() throws {
        let pool = try RunningPool.serving(plan: "workers=1", shell: "export NOTIFY_SOCKET=/nowhere WATCHDOG_USEC=1000")
        #expect(try pool.ask() != nil)
    }
}
