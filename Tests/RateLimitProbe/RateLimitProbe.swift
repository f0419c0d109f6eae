internal import Linux
internal import RateLimiting
internal import RateLimitingTestSupport

/// One of several processes that share a table: `rate-limit-probe TASK DIRECTORY`.
///
/// `charge` and `charge-log` charge one key until they are killed; `measure` writes nanoseconds for each decision.
@main
struct RateLimitProbe {
    private static let key = LimitKey(LimitKey.Label(high: 1, low: 2))

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { ThisProcess.exitImmediately(64) }
        do {
            let table = try ProbeTable(directory: arguments[2], nanoseconds: SystemClock.boottimeNanoseconds)
            switch arguments[1] {
            case "charge": charge(ProbeTable.policy, table)
            case "charge-log": charge(ProbeTable.logPolicy, table)
            case "measure": try measure(table.limiter(SystemClock.boottimeNanoseconds))
            default: ThisProcess.exitImmediately(64)
            }
        } catch {
            say("\(error)")
            ThisProcess.exitImmediately(1)
        }
        ThisProcess.exitImmediately(0)
    }

    private static func charge(_ policy: LimitPolicy?, _ table: ProbeTable) {
        guard let policy else { return }
        say("charging")
        while true {
            if table.limiter.charge(key, under: policy).isAdmitted { table.note() }
        }
    }

    private static func measure(_ limiter: SharedRateLimiter) {
        guard let policy = ProbeTable.widePolicy else { return }
        let process = UInt64(ThisProcess.id)
        let ownKeys = nanoseconds(of: 1_000_000) { index in
            let label = LimitKey.Label(high: process, low: UInt64(index % 1000))
            return limiter.charge(LimitKey(label), under: policy)
        }
        let oneKey = (0..<5).map { _ in
            awaitNextBatch()
            return nanoseconds(of: batch) { _ in limiter.charge(key, under: policy) }
        }
        let refused = nanoseconds(of: 1_000_000) { _ in limiter.charge(key, under: policy) }
        let isAdmitted = oneKey.allSatisfy { $0.admitted == batch }
        say("own-keys \(ownKeys.each)")
        say("one-key \(isAdmitted ? oneKey.map(\.each).sorted()[2] : -1)")
        say("refused \(refused.each)")
    }

    /// So many decisions of four processes pass in a window, twice.
    private static let batch = LimitPolicy.mostInWindow / 8

    /// Sleeps and then spins until all processes begin, and nothing counts any more of the batch before.
    private static func awaitNextBatch() {
        let period: Int64 = 1_200_000_000
        let start = (SystemClock.monotonicNanoseconds() / period + 1) * period
        _ = Semaphore(permits: 0).wait(nanoseconds: start - SystemClock.monotonicNanoseconds() - 2_000_000)
        while SystemClock.monotonicNanoseconds() < start {}
    }

    private static func nanoseconds(
        of count: Int,
        _ decide: (Int) -> LimitDecision
    ) -> (each: Int64, admitted: Int) {
        var admitted = 0
        let start = SystemClock.monotonicNanoseconds()
        for index in 0..<count where decide(index).isAdmitted { admitted += 1 }
        return ((SystemClock.monotonicNanoseconds() - start) / Int64(count), admitted)
    }

    private static func say(_ line: String) {
        let output = FileDescriptor(owning: 1)
        try? output.writeAll(Array("\(line)\n".utf8))
        _ = output.release()
    }
}
