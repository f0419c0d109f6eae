internal import Database
internal import Linux
internal import LinuxTestSupport
internal import SharedMemory
internal import Synchronization

/// One of several processes that change a database until they are killed.
///
///     write-probe write|checkpoint|recover DIRECTORY process_end|full|group
///     write-probe count DIRECTORY process_end|full|group THREADS SECONDS
///
/// The segment and the database `test.db` are those of the directory. The third argument says when a commit counts as
/// done: with the process's end in mind, with a sync of its own, or with one shared by all.
///
/// - `write` appends a line to `acknowledged` for each transaction: `+` and the row's name when it was committed, `-` and
///   the name when it was rolled back.
/// - `checkpoint` copies the log back whenever it has grown.
/// - `recover` lets changes begin again after a sync has failed, and ends.
/// - `count` commits one row at a time and prints how many, and the 50th and 99th percentile of their times in
///   microseconds.
@main
struct WriteProbe {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4 else { ThisProcess.exitImmediately(64) }
        do {
            let directory = arguments[2]
            let name = try SegmentName(program: "probe", directory: directory, in: directory)
            var layout = SegmentLayout(version: 1)
            let parts = try GroupCommit.Parts(in: &layout)
            let segment = try SharedSegment.open(name, layout: layout)
            let options = DatabaseOptions(
                path: "\(directory)/test.db",
                durability: arguments[3] == "process_end" ? .processEnd : .powerLoss,
                journalSizeLimit: 256 << 10,
                writeLock: SharedWriteLock(segment),
                groupCommit: arguments[3] == "group" ? try GroupCommit(segment, parts) : nil
            )
            switch arguments[1] {
            case "write": try write(options, directory)
            case "checkpoint": try checkpoint(options)
            case "recover": try options.groupCommit?.recover(options)
            case "count" where arguments.count == 6:
                guard let threads = Int(arguments[4]), let seconds = Int64(arguments[5]) else {
                    ThisProcess.exitImmediately(64)
                }
                try measure(options, threads: threads, nanoseconds: seconds * 1_000_000_000)
            default: ThisProcess.exitImmediately(64)
            }
        } catch {
            StandardError.writeLine("write-probe: \(error)")
            ThisProcess.exitImmediately(1)
        }
    }

    // MARK: - Statements

    private static let insert = StatementDefinition(
        "entries.insert",
        writes: ["entries"],
        sql: "INSERT INTO entries (name, text) VALUES (?1, ?2)"
    )
    private static let note = StatementDefinition(
        "notes.insert",
        writes: ["notes"],
        sql: "INSERT INTO notes (entry, number, text) VALUES (?1, ?2, ?3)"
    )
    private static let forget = StatementDefinition(
        "notes.delete",
        writes: ["notes"],
        sql: "DELETE FROM notes WHERE rowid IN (SELECT rowid FROM notes ORDER BY rowid LIMIT ?1)"
    )
    private static let change = StatementDefinition(
        "entries.change",
        writes: ["entries"],
        sql: "UPDATE entries SET text = ?2 WHERE rowid = (SELECT max(rowid) - ?1 FROM entries)"
    )
    private static let count = StatementDefinition(
        "totals.count",
        writes: ["totals"],
        sql: "UPDATE totals SET entries = entries + 1"
    )

    private struct Refusal: Error {}

    // MARK: - Work

    private static func write(_ options: DatabaseOptions, _ directory: String) throws {
        let registry = try StatementRegistry([insert, note, forget, change, count])
        let session = try DatabaseSession(options, registry: registry)
        let acknowledged = try Files.open("\(directory)/acknowledged", .append(permissions: 0o600))
        var number = 0
        while true {
            number += 1
            let name = "\(ThisProcess.id)-\(number)"
            let isRefused = Int.random(in: 0..<8) == 0
            do {
                try session.write { transaction in
                    try transaction.execute(insert, name, text())
                    for part in 0..<Int.random(in: 0...20) { try transaction.execute(note, name, part, text()) }
                    if Int.random(in: 0..<4) == 0 { try transaction.execute(forget, Int.random(in: 1...40)) }
                    try transaction.execute(change, Int.random(in: 0...50), text())
                    try transaction.execute(count)
                    if isRefused { throw Refusal() }
                }
                try acknowledged.writeAll(Array("+\(name)\n".utf8))
            } catch is Refusal {
                try acknowledged.writeAll(Array("-\(name)\n".utf8))
            }
        }
    }

    private static func text() -> String { String(repeating: "x", count: Int.random(in: 0...1500)) }

    private static func checkpoint(_ options: DatabaseOptions) throws {
        let checkpointer = try Checkpointer(options)
        while true {
            try checkpointer.checkpointIfNeeded(logBytesOver: options.journalSizeLimit)
            _ = Semaphore(permits: 0).wait(nanoseconds: 1_000_000)
        }
    }

    /// Commits one row after the other in each of some threads, and prints how many and how long each took.
    private static func measure(_ options: DatabaseOptions, threads: Int, nanoseconds: Int64) throws {
        let registry = try StatementRegistry([insert])
        let times = Mutex<[Int64]>([])
        let value = String(repeating: "x", count: 200)
        let end = SystemClock.monotonicNanoseconds() + nanoseconds
        try onThreads(threads) { thread in
            do {
                let session = try DatabaseSession(options, registry: registry)
                var own: [Int64] = []
                var before = SystemClock.monotonicNanoseconds()
                while before < end {
                    _ = try session.write { try $0.execute(insert, "\(ThisProcess.id)-\(thread)-\(own.count)", value) }
                    let after = SystemClock.monotonicNanoseconds()
                    own.append(after - before)
                    before = after
                }
                times.withLock { $0 += own }
            } catch {
                StandardError.writeLine("write-probe: \(error)")
                ThisProcess.exitImmediately(1)
            }
        }
        let sorted = times.withLock { $0.sorted() }
        guard !sorted.isEmpty else { return print("0 0 0") }
        print(sorted.count, sorted[sorted.count / 2] / 1000, sorted[sorted.count * 99 / 100] / 1000)
    }
}
