internal import Linux
public import Logging

/// Housekeeping that is made of tasks, each of which comes up again after its interval.
///
/// A task that fails is told once and tried again when it comes up next; the others go on. For one thread.
public final class PeriodicTasks: Housekeeping {
    /// A piece of work that comes up again and again.
    public struct Task {
        let name: String
        let interval: Int64
        let work: () throws -> Progress

        /// Names a task; it comes up at once, and then each `interval` after it was done.
        ///
        /// - Parameters:
        ///   - name: what the log calls it.
        ///   - interval: from the end of its work to the next time.
        ///   - work: does a part that takes no longer than a moment.
        public init(_ name: String, every interval: Duration, work: @escaping () throws -> Progress) {
            self.name = name
            let (seconds, attoseconds) = interval.components
            self.interval = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
            self.work = work
        }
    }

    /// How far a task has come.
    public enum Progress: Sendable {
        /// All is done until the next time.
        case done
        /// There is more to do; it comes up again with the next call.
        case more
    }

    private struct Entry {
        let task: Task
        var due: Int64
        var isFailing = false
    }

    private var entries: [Entry]
    private let last: () throws -> Void
    private let log: Logger
    private let now: () -> Int64

    /// Gathers the tasks.
    ///
    /// - Parameters:
    ///   - tasks: in the order in which they are done.
    ///   - last: is done at the very end.
    ///   - log: is told of what fails.
    public convenience init(_ tasks: [Task], last: @escaping () throws -> Void, log: Logger) {
        self.init(tasks, last: last, log: log, now: SystemClock.monotonicNanoseconds)
    }

    init(_ tasks: [Task], last: @escaping () throws -> Void, log: Logger, now: @escaping () -> Int64) {
        entries = tasks.map { Entry(task: $0, due: .min) }
        self.last = last
        self.log = log
        self.now = now
    }

    /// Does what has come up.
    public func tick() {
        for index in entries.indices where entries[index].due <= now() { run(index) }
    }

    /// Does the last work.
    public func finish() {
        do { try last() } catch { log.warning("the last task failed", metadata: ["reason": "\(error)"]) }
    }

    private func run(_ index: Int) {
        let task = entries[index].task
        do {
            let progress = try task.work()
            entries[index].due = progress == .more ? .min : now() + task.interval
            entries[index].isFailing = false
        } catch {
            entries[index].due = now() + task.interval
            if !entries[index].isFailing {
                log.warning("a task failed", metadata: ["task": "\(task.name)", "reason": "\(error)"])
            }
            entries[index].isFailing = true
        }
    }
}
