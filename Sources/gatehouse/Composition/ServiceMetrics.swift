internal import API
internal import Database
internal import Observability
internal import Security
internal import Stages

/// What the processes of an instance count beside the requests, which each handler thread's pipeline registers.
struct ServiceMetrics {
    let registry: MetricRegistry
    let database: DatabaseMetrics
    let hashes: PasswordHashMetrics
    let slowStatements: CounterFamily
    let lostLogLines: CounterFamily
    let checkpoints: CounterFamily

    /// What each name begins with.
    static let prefix = "gatehouse"

    /// Registers the families; every process that counts any of them registers all, so that each can show them.
    init(_ registry: MetricRegistry, statements: StatementRegistry) {
        self.registry = registry
        database = DatabaseMetrics(registry, prefix: Self.prefix, statements: statements)
        hashes = PasswordHashMetrics(registry)
        slowStatements = registry.counters(
            "gatehouse_slow_statements_total",
            "Statements that took longer than log.slow_statement and were told with their plan."
        )
        lostLogLines = registry.counters(
            "gatehouse_log_lines_lost_total",
            "Lines of the access log that were given up because they could not be written."
        )
        checkpoints = registry.counters(
            "gatehouse_checkpoints_total",
            "Times that the write-ahead log was copied back, by how far that came.",
            labels: ["outcome"],
            series: Checkpoint.allCases.map { [$0.rawValue] }
        )
    }

    /// How a checkpoint came out.
    enum Checkpoint: String, CaseIterable {
        /// All of the log is in the file of the database.
        case complete
        /// Readers still need a part of the log.
        case partial
        /// Writers kept the lock.
        case busy

        /// Nil where nothing was to be done.
        init?(_ outcome: Checkpointer.Outcome) {
            switch outcome {
            case .notNeeded: return nil
            case .busy: self = .busy
            case .done(let log, let copied): self = log == copied ? .complete : .partial
            }
        }
    }

    /// Counts a checkpoint.
    func count(_ outcome: Checkpointer.Outcome) {
        guard let checkpoint = Checkpoint(outcome), let series = Checkpoint.allCases.firstIndex(of: checkpoint) else {
            return
        }
        checkpoints.add(to: series)
    }
}
