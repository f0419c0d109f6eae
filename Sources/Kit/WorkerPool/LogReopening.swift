internal import Linux

/// Who of the workers still has to say that it has opened its logs anew, and who waits to hear it.
///
/// For the supervisor's thread.
struct LogReopening {
    /// How long workers are waited for, in nanoseconds.
    private static let patience: Int64 = 3_000_000_000

    private var askers: [CommandConnection] = []
    /// How many answers each worker owes.
    private var owed: [Int: Int] = [:]
    private var failures: [String] = []
    private var deadline: Int64 = .max

    /// The workers have been told; whoever asked, if anybody, waits for all of them.
    mutating func begin(with workers: [Int], for asker: CommandConnection?, now: Int64) {
        for worker in workers { owed[worker, default: 0] += 1 }
        if let asker { askers.append(asker) }
        deadline = now + Self.patience
        answerIfDone()
    }

    /// A worker has done so, or could not.
    mutating func take(failure: String?, from worker: Int) {
        if let failure { failures.append("worker \(worker): \(failure)") }
        owed[worker] = owed[worker].flatMap { $0 > 1 ? $0 - 1 : nil }
        answerIfDone()
    }

    /// A worker has ended, and writes no more.
    mutating func forget(_ worker: Int) {
        owed[worker] = nil
        answerIfDone()
    }

    /// Time has passed.
    mutating func tick(now: Int64) {
        guard now > deadline else { return }
        for worker in owed.keys.sorted() { failures.append("worker \(worker): did not answer") }
        owed = [:]
        answerIfDone()
    }

    private mutating func answerIfDone() {
        guard owed.isEmpty else { return }
        deadline = .max
        let text =
            failures.isEmpty
            ? "ok: all logs are open anew"
            : "error: not all logs could be opened anew: \(failures.joined(separator: "; "))"
        for asker in askers { asker.answer(text) }
        askers = []
        failures = []
    }
}
