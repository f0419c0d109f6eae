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
        let processes = UInt64(ThisProcess.id)
        let figures = [
            ("one-key", nanoseconds { _ in limiter.charge(key, under: policy) }),
            (
                "own-keys",
                nanoseconds { index in
                    let label = LimitKey.Label(high: processes, low: UInt64(index % 1000))
                    return limiter.charge(LimitKey(label), under: policy)
                }
            ),
        ]
        for (name, figure) in figures { say("\(name) \(figure)") }
    }

    private static func nanoseconds(_ decide: (Int) -> LimitDecision) -> Int64 {
        let count = 1_000_000
        var admitted = 0
        let start = SystemClock.monotonicNanoseconds()
        for index in 0..<count where decide(index).isAdmitted { admitted += 1 }
        let time = (SystemClock.monotonicNanoseconds() - start) / Int64(count)
        return admitted > 0 ? time : -1
    }

    private static func say(_ line: String) {
        let output = FileDescriptor(owning: 1)
        try? output.writeAll(Array("\(line)\n".utf8))
        _ = output.release()
    }
}
