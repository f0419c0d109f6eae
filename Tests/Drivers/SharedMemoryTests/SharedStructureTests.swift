import Linux
import LinuxTestSupport
import SharedMemory
import SharedMemoryTestSupport
import Testing

struct SharedStructureTests {
    private let directory: TemporaryDirectory
    private let shared: ProbeSegment

    init() throws {
        directory = try TemporaryDirectory()
        shared = try ProbeSegment(directory: directory.path)
    }

    // MARK: - Words

    @Test func `four processes that add lose nothing`() throws {
        let probes = try (0..<4).map { _ in try RunningProbe("add", in: directory) }
        for probe in probes { #expect(try probe.line() == "added") }
        #expect(shared.counter.load() == 400_000)
    }

    @Test func `words add, subtract and wrap around`() {
        let word = shared.counter
        #expect(word.add(3) == 3)
        #expect(word.subtract(4) == .max)
        #expect(word.add(1) == 0)
    }

    @Test func `an exchange is done only where the word is what was expected`() {
        let word = shared.counter
        #expect(word.compareExchange(expected: 1, desired: 2) == 0)
        #expect(word.load() == 0)
        #expect(word.compareExchange(expected: 0, desired: 2) == 0)
        #expect(word.load() == 2)
    }

    @Test func `who waits for a word is woken when it has changed, and not at all where it has changed before`() throws
    {
        let word = shared.counter
        let begun = SystemClock.monotonicNanoseconds()
        word.wait(while: 1, nanoseconds: 60_000_000_000)
        try onThreads(4) { thread in
            guard thread > 0 else {
                // Whenever it comes, before the others sleep or after.
                word.store(1)
                return word.wakeAll()
            }
            while word.load() == 0 { word.wait(while: 0, nanoseconds: 60_000_000_000) }
        }
        #expect(SystemClock.monotonicNanoseconds() - begun < 50_000_000_000)
    }

    @Test func `the wait for a word has an end`() {
        let begun = SystemClock.monotonicNanoseconds()
        while SystemClock.monotonicNanoseconds() - begun < 5_000_000 {
            shared.counter.wait(while: 0, nanoseconds: 5_000_000)
        }
        #expect(shared.counter.load() == 0)
    }

    @Test func `groups of those who wait are woken, and one of the others`() throws {
        let counter = shared.counter
        let woken = shared.inside[0]
        // Two that are meant, one that is not: nobody sleeps for a minute.
        try onThreads(4) { thread in
            if thread < 3 {
                counter.wait(while: 0, inGroupOf: [7, 8, 41][thread], nanoseconds: 60_000_000_000)
                woken.add(1)
            } else {
                while woken.load() < 3 { counter.wakeGroups(of: 7...8) }
            }
        }
        #expect(woken.load() == 3)
        // As many numbers as there are groups, and more.
        try onThreads(2) { thread in
            if thread == 0 {
                counter.wait(while: 0, inGroupOf: 99, nanoseconds: 60_000_000_000)
                woken.add(1)
            } else {
                while woken.load() < 4 { counter.wakeGroups(of: 1...UInt64.max) }
            }
        }
        #expect(woken.load() == 4)
    }

    @Test func `the wait in a group has an end too, and none where the word has changed`() {
        shared.counter.wait(while: 0, inGroupOf: 3, nanoseconds: 5_000_000)
        shared.counter.wait(while: 1, inGroupOf: 3, nanoseconds: .max)
        #expect(shared.counter.load() == 0)
    }

    @Test func `words of a row are read and written where they stand`() throws {
        var layout = SegmentLayout(version: 1)
        let part = try layout.addWords("row", count: 24)
        let name = try SegmentName(program: "row", directory: directory.path, in: directory.path)
        let row = try SharedSegment.open(name, layout: layout).words(part)
        for index in 0..<7 { row.store(8 + index, UInt64(index + 1)) }
        row.store(15, .max)
        row.add(3, 5)
        row.add(3, .max)
        #expect(
            (0..<24).map { row.load($0) } == [0, 0, 0, 4, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, .max]
                + .init(repeating: 0, count: 8)
        )
    }

    // MARK: - Counters

    @Test func `counters are the sums of what all threads have counted, whatever processor they ran on`() throws {
        var layout = SegmentLayout(version: 1)
        let part = try layout.addCounters("counters", count: 11)
        let name = try SegmentName(program: "counters", directory: directory.path, in: directory.path)
        let counters = try SharedSegment.open(name, layout: layout).counters(part)
        #expect(counters.count == 11)
        let ends = Semaphore(permits: 0)
        for _ in 0..<8 {
            _ = try Thread(name: "counter") {
                for number in 0..<1100 { counters.add(UInt64(number % 11), to: number % 11) }
                ends.signal()
            }
        }
        for _ in 0..<8 { try #require(ends.wait(nanoseconds: 60_000_000_000)) }
        #expect((0..<11).map { counters.total(of: $0) } == (0..<11).map { UInt64(800 * $0) })
        #expect(counters.totals(ofFirst: 11) == (0..<11).map { UInt64(800 * $0) })
        #expect(counters.totals(ofFirst: 2) == [0, 800])
        counters.add(.max, to: 1)
        #expect(counters.total(of: 1) == 799)
    }

    // MARK: - Permits

    @Test func `never more work at once than there are permits, whatever the number of processes`() throws {
        let probes = try (0..<4).map { _ in try RunningProbe("use-permits", in: directory) }
        for probe in probes { #expect(try probe.line() == "using") }
        for probe in probes { #expect(try probe.end() == .exited(0)) }
        #expect(shared.counter.load() == 800)
        #expect(shared.inside[0].load() == 0)
        #expect((1...2).contains(shared.inside[1].load()))
    }

    @Test func `permits of killed processes come back`() throws {
        for _ in 0..<3 {
            let probes = try (0..<2).map { _ in try RunningProbe("hold-permit", in: directory) }
            for probe in probes { #expect(try probe.line() == "held") }
            #expect(throws: SharedMemoryError.self) {
                try shared.permits.withPermit(ofFirst: 2, timeout: .milliseconds(20)) {}
            }
            // A larger limit has more.
            try shared.permits.withPermit(ofFirst: 3, timeout: .zero) {}
            probes[0].kill()
            try shared.permits.withPermit(ofFirst: 2, timeout: .zero) {}
            probes[1].kill()
        }
    }

    @Test func `a thread may hold two permits`() throws {
        try shared.permits.withPermit(ofFirst: 2, timeout: .zero) {
            try shared.permits.withPermit(ofFirst: 2, timeout: .zero) {
                _ = #expect(throws: SharedMemoryError.self) {
                    try shared.permits.withPermit(ofFirst: 2, timeout: .milliseconds(10)) {}
                }
            }
        }
    }

    // MARK: - Leases

    private func take(_ high: UInt64, _ low: UInt64) throws -> SharedLeases.Lease? {
        guard case .taken(let lease) = try shared.leases.take(high: high, low: low) else { return nil }
        return lease
    }

    @Test func `a lease is one holder's, until that lets it go`() throws {
        let first = try #require(try take(1, 2))
        #expect(try take(1, 2) == nil)
        let other = try #require(try take(1, 3))
        // Of the same group.
        let neighbour = try #require(try take(2, 2))
        withExtendedLifetime((first, other, neighbour)) {}
        _ = consume first
        #expect(try take(1, 2) != nil)
        #expect(try take(1, 2) != nil)
    }

    @Test func `a lease of a killed process is taken over, that of a stopped one is not`() throws {
        for _ in 0..<5 {
            let probe = try RunningProbe("hold-lease", in: directory)
            #expect(try probe.line() == "held")
            #expect(try RunningProbe("hold-lease", in: directory).line() == "refused")
            try probe.stop()
            #expect(try take(1, 2) == nil)
            probe.kill()
            #expect(try take(1, 2) != nil)
        }
    }

    @Test func `four processes that want one lease never have it at once`() throws {
        let probes = try (0..<4).map { _ in try RunningProbe("use-leases", in: directory) }
        for probe in probes { #expect(try probe.line() == "using") }
        for probe in probes { #expect(try probe.end() == .exited(0)) }
        #expect(shared.inside[1].load() == 1)
    }

    @Test func `a group that is full says so`() throws {
        var leases: [SharedLeases.Lease] = []
        for number in 1...8 as ClosedRange<UInt64> { leases.append(try #require(try take(number, 2))) }
        guard case .full = try shared.leases.take(high: 9, low: 2) else {
            Issue.record("there is a ninth")
            return
        }
        #expect(try take(9, 3) != nil)
        withExtendedLifetime(leases) {}
    }

    // MARK: - Records

    @Test func `a reader never gets words of two writings`() throws {
        let probe = try RunningProbe("write-record", in: directory)
        let index = try #require(Int(try probe.line()))
        var seen: Set<UInt64> = []
        for _ in 0..<20_000 {
            guard let words = shared.records.read(index) else { continue }
            try #require(words.count == ProbeSegment.recordWords)
            try #require(Set(words).count == 1, "torn: \(words)")
            seen.insert(words[0])
        }
        #expect(seen.count > 1)
    }

    @Test func `a killed writer's record is free, and can be read again once it is written`() throws {
        for _ in 0..<20 {
            let probe = try RunningProbe("write-record", in: directory)
            #expect(try probe.line() == "0")
            #expect(try shared.records.writer(of: 0) == probe.process)
            probe.kill()
            #expect(try shared.records.writer(of: 0) == nil)
        }
        let record = try shared.records.claim()
        #expect(record.index == 0)
        record.write { fields in
            for index in 0..<ProbeSegment.recordWords { fields[index] = 7 }
        }
        #expect(shared.records.read(0) == [7, 7, 7, 7, 7, 7])
    }

    @Test func `records are one writer's each, and there are no more than there are`() throws {
        try claim(shared.records.count)
        #expect(try shared.records.writer(of: 0) == nil)
    }

    /// Claims this many one after another, and holds them all at the end.
    private func claim(_ count: Int) throws {
        guard count > 0 else {
            #expect(throws: SharedMemoryError.full(what: "a record of records", wanted: 1, available: 0)) {
                _ = try shared.records.claim()
            }
            return
        }
        let record = try shared.records.claim()
        #expect(record.index == shared.records.count - count)
        try claim(count - 1)
    }
}
