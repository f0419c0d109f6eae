import Linux
import LinuxTestSupport
import SharedMemory
import SharedMemoryTestSupport
import Testing

struct SharedMutexTests {
    private let directory: TemporaryDirectory
    private let shared: ProbeSegment

    init() throws {
        directory = try TemporaryDirectory()
        shared = try ProbeSegment(directory: directory.path)
    }

    private func milliseconds(_ work: () throws -> Void) rethrows -> Int64 {
        let start = SystemClock.monotonicNanoseconds()
        try work()
        return (SystemClock.monotonicNanoseconds() - start) / 1_000_000
    }

    @Test func `holders killed at random instants leave no lock held and lose nothing they acknowledged`() throws {
        var random = SystemRandomNumberGenerator()
        var probes = try (0..<4).map { _ in try RunningProbe("count-pair", in: directory) }
        for probe in probes { #expect(try probe.line() == "counting") }
        var kills: UInt64 = 0
        for _ in 0..<300 {
            // Until a random number has been counted, so that the kill falls anywhere in the loop.
            let target = shared.pair[0].load() + UInt64.random(in: 0...200, using: &random)
            let deadline = SystemClock.monotonicNanoseconds() + 10_000_000_000
            while shared.pair[0].load() < target {
                try #require(SystemClock.monotonicNanoseconds() < deadline, "nobody counts")
            }
            let index = Int.random(in: 0..<4, using: &random)
            probes[index].kill()
            kills += 1
            probes[index] = try RunningProbe("count-pair", in: directory)
        }
        for probe in probes { probe.kill() }
        kills += 4
        try shared.countPair()
        let counted = shared.pair[0].load() - 1
        #expect(shared.pair[1].load() == counted + 1)
        // A process killed between counting and acknowledging has counted once more than it said, and a killed one whose
        // second number was missing was counted by the repair.
        let acknowledged = shared.acknowledged.load()
        #expect(counted >= acknowledged)
        #expect(counted - acknowledged <= kills)
        #expect(shared.mutex.deaths > 0, "no kill met a holder in \(kills)")
    }

    @Test func `a killed holder's lock comes free at once, and the next one is told`() throws {
        let probe = try RunningProbe("hold-mutex", in: directory)
        #expect(try probe.line() == "held")
        #expect(shared.mutex.holder == probe.process)
        #expect(throws: SharedMemoryError.lockTimeout(name: "pair", holder: probe.process)) {
            try shared.mutex.withLock(timeout: .zero) { _ in }
        }
        probe.kill()
        #expect(try shared.mutex.withLock(timeout: .zero) { $0 })
        #expect(try !shared.mutex.withLock(timeout: .zero) { $0 })
        #expect(shared.mutex.deaths == 1)
        #expect(shared.mutex.holder == 0)
    }

    @Test func `a waiter gets the lock of a holder that is killed meanwhile`() throws {
        let probe = try RunningProbe("hold-mutex", in: directory)
        #expect(try probe.line() == "held")
        let shared = shared
        let process = probe.process
        try onThreads(2) { number in
            if number == 0 { return ChildProcess.send(.kill, to: process) }
            #expect(throws: Never.self) { try shared.mutex.withLock(timeout: .seconds(20)) { _ in } }
        }
    }

    @Test func `a stopped holder costs the others their timeout and no more`() throws {
        let probe = try RunningProbe("hold-mutex", in: directory)
        #expect(try probe.line() == "held")
        try probe.stop()
        let time = milliseconds {
            #expect(throws: SharedMemoryError.lockTimeout(name: "pair", holder: probe.process)) {
                try shared.mutex.withLock(timeout: .milliseconds(100)) { _ in }
            }
        }
        #expect((100..<5000).contains(time))
        try probe.resume()
        #expect(throws: SharedMemoryError.self) { try shared.mutex.withLock(timeout: .milliseconds(10)) { _ in } }
    }

    @Test func `a body that throws leaves the repair to the next one`() throws {
        struct Refusal: Error {}
        let probe = try RunningProbe("hold-mutex", in: directory)
        #expect(try probe.line() == "held")
        probe.kill()
        #expect(throws: Refusal.self) {
            try shared.mutex.withLock(timeout: .zero) { needsRepair in
                #expect(needsRepair)
                throw Refusal()
            }
        }
        #expect(try shared.mutex.withLock(timeout: .zero) { $0 })
        #expect(try !shared.mutex.withLock(timeout: .zero) { $0 })
    }

    @Test func `taking it twice in one thread is an error`() throws {
        try shared.mutex.withLock(timeout: .zero) { _ in
            _ = #expect(throws: SharedMemoryError.alreadyHeld(name: "pair")) {
                try shared.mutex.withLock(timeout: .seconds(10)) { _ in }
            }
        }
        try shared.mutex.withLock(timeout: .zero) { _ in }
    }

    @Test func `threads of one process exclude each other, too`() throws {
        let shared = shared
        try onThreads(4) { _ in
            for _ in 0..<1000 { #expect(throws: Never.self) { try shared.countPair() } }
        }
        #expect(shared.pair[0].load() == 4000)
        #expect(shared.pair[1].load() == 4000)
    }

    @Test func `the write lock is one for all layouts`() throws {
        let probe = try RunningProbe("hold-write-lock", in: directory)
        #expect(try probe.line() == "held")
        let name = try SegmentName(program: "probe", directory: directory.path, in: directory.path)
        let other = try SharedSegment.open(name, layout: SegmentLayout(version: 99))
        #expect(throws: SharedMemoryError.lockTimeout(name: "database write", holder: probe.process)) {
            try other.writeLock.withLock(timeout: .milliseconds(10)) { _ in }
        }
        probe.kill()
        try other.writeLock.withLock(timeout: .zero) { _ in }
    }

    @Test func `a row of locks has one for each index, and gives it back when its body throws`() throws {
        var layout = SegmentLayout(version: 1)
        let part = try layout.addMutexes("row", count: 3)
        let name = try SegmentName(program: "row", directory: directory.path, in: directory.path)
        let row = try SharedSegment.open(name, layout: layout).mutexes(part)
        #expect(row.count == 3)
        try row.withLock(at: 0, timeout: .zero) { needsRepair in
            #expect(!needsRepair)
            try row.withLock(at: 2, timeout: .zero) { _ in }
            #expect(throws: SharedMemoryError.alreadyHeld(name: "row")) {
                try row.withLock(at: 0, timeout: .zero) { _ in }
            }
        }
        struct Failure: Error {}
        #expect(throws: Failure.self) { try row.withLock(at: 0, timeout: .zero) { _ in throw Failure() } }
        #expect(try row.withLock(at: 0, timeout: .zero) { !$0 })
    }
}
