public import Database
internal import Linux
public import Observability

/// What one thread's statements cost: told to the request that waits, counted by statement, and the slow ones kept to be
/// explained.
///
/// For one thread.
public final class DatabaseMeasurement: SessionObserver {
    /// A statement that took long.
    public struct SlowStatement: Sendable {
        /// Its id.
        public let id: String
        /// How long it took.
        public let nanoseconds: Int64
        /// How SQLite runs it, a line for each step; empty where it could not be asked.
        public let plan: [String]
    }

    /// Each statement is told so often at most: under load it would be told thousands of times.
    private static let pause: Int64 = 10_000_000_000

    private let waits: RequestWaits
    private let metrics: DatabaseMetrics?
    private let slow: Int64
    private var slowOnes: [(definition: StatementDefinition, nanoseconds: Int64)] = []
    private var toldAt: [Int: Int64] = [:]

    /// Makes one; statements count as slow from `slow` nanoseconds on.
    public init(waits: RequestWaits, metrics: DatabaseMetrics?, slow: Int64 = .max) {
        self.waits = waits
        self.metrics = metrics
        self.slow = slow
    }

    /// See `SessionObserver`.
    public func begins(_ work: SessionWork) {
        switch work {
        case .writeLock: waits.wait(for: .writeLock)
        case .statement: waits.wait(for: .statements)
        case .commit: waits.wait(for: .commit)
        }
    }

    /// See `SessionObserver`.
    public func ran(_ statement: StatementDefinition, nanoseconds: Int64) {
        waits.add(statement: statement.id, nanoseconds: nanoseconds)
        metrics?.count(statement, nanoseconds: nanoseconds)
        if nanoseconds >= slow { note(statement, nanoseconds) }
    }

    /// See `SessionObserver`.
    public func waitedForWriteLock(nanoseconds: Int64) {
        waits.add(nanoseconds: nanoseconds, for: .writeLock)
        metrics?.writeLock.add(nanoseconds: nanoseconds)
    }

    /// See `SessionObserver`.
    public func committed(nanoseconds: Int64) {
        waits.add(nanoseconds: nanoseconds, for: .commit)
        metrics?.commits.add(nanoseconds: nanoseconds)
    }

    private func note(_ statement: StatementDefinition, _ nanoseconds: Int64) {
        let now = SystemClock.monotonicNanoseconds()
        guard now - toldAt[statement.index, default: .min / 2] >= Self.pause else { return }
        toldAt[statement.index] = now
        slowOnes.append((statement, nanoseconds))
    }

    /// The slow statements since the last call, with their plans; between two requests, outside of any transaction.
    public func takeSlowStatements(of session: DatabaseSession) -> [SlowStatement] {
        guard !slowOnes.isEmpty else { return [] }
        defer { slowOnes = [] }
        return slowOnes.map { definition, nanoseconds in
            let plan = (try? session.plan(of: definition)) ?? []
            return SlowStatement(id: definition.id, nanoseconds: nanoseconds, plan: plan)
        }
    }
}

/// How often each statement was run and how long that took, how long writers waited for their lock, and commits took.
public struct DatabaseMetrics: Sendable {
    private static let bounds: [Int64] = [
        10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000, 10_000_000, 50_000_000, 100_000_000, 500_000_000,
        1_000_000_000, 5_000_000_000,
    ]

    private let statements: TimerFamily
    /// The series of each statement, by its index.
    private let series: [Int]
    let writeLock: HistogramFamily
    let commits: HistogramFamily

    /// Registers the families under names that begin with `prefix`, for the statements of a registry.
    public init(_ registry: MetricRegistry, prefix: String, statements known: StatementRegistry) {
        statements = registry.timers(
            "\(prefix)_statement_duration_seconds",
            "Statements that were run, by id, with the time that they and the reading of their rows took.",
            labels: ["statement"],
            series: known.definitions.map { [$0.id] }
        )
        var series = [Int](repeating: 0, count: (known.definitions.map(\.index).max() ?? -1) + 1)
        for (number, definition) in known.definitions.enumerated() { series[definition.index] = number }
        self.series = series
        writeLock = registry.histograms(
            "\(prefix)_write_lock_wait_seconds",
            "How long transactions that write have waited for the write lock of the database.",
            bounds: Self.bounds
        )
        commits = registry.histograms(
            "\(prefix)_commit_duration_seconds",
            "How long commits took until their changes had reached the disk.",
            bounds: Self.bounds
        )
    }

    func count(_ statement: StatementDefinition, nanoseconds: Int64) {
        statements.add(nanoseconds: nanoseconds, to: series[statement.index])
    }
}
