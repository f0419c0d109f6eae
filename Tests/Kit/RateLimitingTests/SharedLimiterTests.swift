import Linux
import LinuxTestSupport
import RateLimiting
import RateLimitingTestSupport
import Testing

/// Several processes at one table.
struct SharedLimiterTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// A probe; killed when this object ends.
    private final class Probe {
        let process: Int32
        private let output: FileDescriptor

        init(_ task: String, in directory: String) throws {
            let pair = try Sockets.pair(kind: .stream)
            try Sockets.setTimeouts(pair.first, milliseconds: 30_000)
            process = try ChildProcess.spawn(
                path: try BuiltProgram.path("rate-limit-probe"),
                arguments: ["rate-limit-probe", task, directory],
                environment: [],
                descriptors: [nil, pair.second.number, 2]
            )
            output = FileDescriptor(owning: pair.first.release())
        }

        func waitForOutput() throws { _ = try output.read(upTo: 1) }

        deinit {
            ChildProcess.send(.kill, to: process)
            _ = try? ChildProcess.wait(for: process)
        }
    }

    private func table() throws -> ProbeTable {
        try ProbeTable(directory: directory.path, nanoseconds: SystemClock.boottimeNanoseconds)
    }

    @Test(arguments: ["charge", "charge-log"])
    func `four processes that are killed at any moment never pass more than the limit`(task: String) throws {
        let policy = try #require(task == "charge" ? ProbeTable.policy : ProbeTable.logPolicy)
        let table = try table()
        var probes = try (0..<4).map { _ in try Probe(task, in: directory.path) }
        for probe in probes { try probe.waitForOutput() }
        let end = SystemClock.monotonicNanoseconds() + 4_000_000_000
        var (kills, turn) = (0, 0)
        while SystemClock.monotonicNanoseconds() < end {
            _ = Semaphore(permits: 0).wait(nanoseconds: 10_000_000)
            probes[turn % 4] = try Probe(task, in: directory.path)
            try probes[turn % 4].waitForOutput()
            kills += 1
            turn += 1
        }
        probes = []
        let moments = table.moments()
        // Four seconds hold two windows at least, and what a kill kept from the diary is little.
        #expect(moments.count >= policy.limit * 2 - kills)
        #expect(kills > 20)
        for (earlier, later) in zip(moments, moments.dropFirst(policy.limit)) {
            #expect(Int64(later - earlier) >= policy.window)
        }
    }

    @Test func `what one process counts another knows`() throws {
        let (one, other) = (try table(), try table())
        let policy = try #require(ProbeTable.logPolicy)
        let key = LimitKey(LimitKey.Label(high: 7, low: 7))
        for _ in 0..<5 { _ = one.limiter.charge(key, under: policy) }
        #expect(!other.limiter.charge(key, under: policy).isAdmitted)
        #expect(other.limiter.clear(key, under: policy))
        #expect(one.limiter.charge(key, under: policy).isAdmitted)
    }
}
