internal import Linux
internal import SharedMemory
internal import SharedMemoryTestSupport

/// One of several processes that share memory: `shared-memory-probe TASK DIRECTORY`.
///
/// `handed` in place of a directory means descriptor 3. Tasks write one line when they have begun and most go on until
/// they are killed; `measure` writes its figures and ends.
@main
struct SharedMemoryProbe {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { ThisProcess.exitImmediately(64) }
        do {
            let shared =
                try arguments[2] == "handed" ? ProbeSegment(descriptor: 3) : ProbeSegment(directory: arguments[2])
            try run(arguments[1], shared)
        } catch {
            say("\(error)")
            ThisProcess.exitImmediately(1)
        }
        ThisProcess.exitImmediately(0)
    }

    private static func run(_ task: String, _ shared: ProbeSegment) throws {
        switch task {
        case "seed": say(shared.segment.seed.map { String($0) }.joined(separator: " "))
        case "count-pair":
            say("counting")
            while true {
                try shared.countPair()
                shared.acknowledged.add(1)
            }
        case "hold-mutex": try shared.mutex.withLock(timeout: .seconds(10)) { _ in stay("held") }
        case "hold-write-lock": try shared.segment.writeLock.withLock(timeout: .seconds(10)) { _ in stay("held") }
        case "hold-permit": try shared.permits.withPermit(ofFirst: 2, timeout: .seconds(10)) { stay("held") }
        case "hold-lease":
            guard case .taken(let lease) = try shared.leases.take(high: 1, low: 2) else { return say("refused") }
            withExtendedLifetime(lease) { stay("held") }
        case "use-leases":
            say("using")
            var taken = 0
            while taken < 200 {
                guard case .taken(let lease) = try shared.leases.take(high: 1, low: 2) else { continue }
                taken += 1
                let now = shared.inside[0].add(1)
                raise(shared.inside[1], to: now)
                shared.inside[0].subtract(1)
                withExtendedLifetime(lease) {}
            }
        case "use-permits":
            say("using")
            for _ in 0..<200 {
                try shared.permits.withPermit(ofFirst: 2, timeout: .seconds(10)) {
                    let now = shared.inside[0].add(1)
                    raise(shared.inside[1], to: now)
                    shared.counter.add(1)
                    shared.inside[0].subtract(1)
                }
            }
        case "write-record":
            let record = try shared.records.claim()
            say("\(record.index)")
            var number: UInt64 = 0
            while true {
                number += 1
                record.write { fields in
                    for index in 0..<ProbeSegment.recordWords { fields[index] = number }
                }
            }
        case "add":
            for _ in 0..<100_000 { shared.counter.add(1) }
            say("added")
        case "measure": try measure(shared)
        default: ThisProcess.exitImmediately(64)
        }
    }

    private static func raise(_ word: SharedWord, to value: UInt64) {
        var seen = word.load()
        while seen < value {
            let before = word.compareExchange(expected: seen, desired: value)
            if before == seen { return }
            seen = before
        }
    }

    /// Nanoseconds of a wall clock for each operation of this process, whatever others do meanwhile.
    private static func measure(_ shared: ProbeSegment) throws {
        let record = try shared.records.claim()
        let figures = [
            ("counter-add", nanoseconds(4_000_000) { _ = shared.counter.add(1) }),
            ("counter-read", nanoseconds(4_000_000) { _ = shared.counter.load() }),
            ("lock-unlock", try nanoseconds(1_000_000) { try shared.mutex.withLock(timeout: .seconds(10)) { _ in } }),
            (
                "permit",
                try nanoseconds(1_000_000) { try shared.permits.withPermit(ofFirst: 4, timeout: .seconds(10)) {} }
            ),
            (
                "record-write",
                nanoseconds(1_000_000) {
                    record.write { fields in
                        for index in 0..<ProbeSegment.recordWords { fields[index] = UInt64(index) }
                    }
                }
            ),
        ]
        for (name, figure) in figures { say("\(name) \(figure)") }
    }

    private static func nanoseconds(_ count: Int, _ operation: () throws -> Void) rethrows -> Int64 {
        let start = SystemClock.monotonicNanoseconds()
        for _ in 0..<count { try operation() }
        return (SystemClock.monotonicNanoseconds() - start) / Int64(count)
    }

    private static func say(_ line: String) {
        let output = FileDescriptor(owning: 1)
        try? output.writeAll(Array("\(line)\n".utf8))
        _ = output.release()
    }

    private static func stay(_ line: String) -> Never {
        say(line)
        while true { _ = Semaphore(permits: 0).wait(nanoseconds: .max) }
    }
}
