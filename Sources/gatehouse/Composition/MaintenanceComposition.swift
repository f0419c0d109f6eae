internal import Database
internal import Domain
internal import Logging
internal import Observability
internal import Security
internal import Services
internal import Stages
internal import Storage
internal import WorkerPool

/// Where the concrete parts of the maintenance process meet: what is done once for all workers, and how often.
enum MaintenanceComposition {
    /// Opens the database, which must have the schema that this program needs; `isToldToEnd` has long work give up.
    static func tasks(
        settings: Settings,
        shared: SharedState,
        log: Logger,
        isToldToEnd: @escaping () -> Bool
    ) throws -> PeriodicTasks {
        let database = settings.database(writingWith: shared)
        let registry = try Statements.registry(for: database.dialect)
        try SchemaCheck.run(settings, registry)
        let session = try DatabaseSession(database, registry: registry)
        let metrics = settings.metricsAreOn ? ServiceMetrics(shared.metrics, statements: registry) : nil
        session.costObserver = DatabaseMeasurement(waits: RequestWaits(), metrics: metrics?.database)
        let unitOfWork = SQLUnitOfWork(session)
        let expiry = ExpiryService(
            unitOfWork: unitOfWork,
            clock: KernelClock(),
            sessionsKept: settings.expiredSessionsKept.components.seconds,
            keysKept: settings.expiredKeysKept.components.seconds
        )
        let audit = AuditService(
            unitOfWork: unitOfWork,
            chain: AuditChain(hashing: SHA256AuditHashing())
        )
        let watch: HostWatch? =
            switch database {
            case .file: nil
            case .server(let server): try HostWatch(server, registry: registry, shared: shared, log: log)
            }
        let isOurs = { @Sendable in watch?.hasLease ?? true }
        let relays = EventRelays(
            database: database,
            registry: registry,
            signal: shared.eventSignal,
            isOurs: isOurs,
            log: log
        )
        guard let keys = settings.keys else { throw Failure("no secrets of the instance were handed over") }
        let consumers = try EventConsumers(unitOfWork: unitOfWork, settings: settings, keys: keys, log: log)
        let care = try database.file.map { file in
            try FileCare(file, session, settings: settings, metrics: metrics, log: log, isToldToEnd: isToldToEnd)
        }
        // What is to be done once for the database; a host that has not the lease asks again.
        func once(_ name: String, _ deleteSome: @escaping () throws -> Bool) -> PeriodicTasks.Task {
            PeriodicTasks.Task(name, every: settings.expiryInterval) {
                try !isOurs() || deleteSome() ? .more : .done
            }
        }
        return PeriodicTasks(
            [
                once("expiry") { try expiry.deleteBatch() },
                once("receipts") { try expiry.deleteReceipts() },
                once("deliveries") { try expiry.deleteDeliveries() },
                once("audit") {
                    let oldest = KernelClock().now().adding(seconds: -settings.auditKept.components.seconds)
                    return try audit.deleteExpired(before: oldest)
                },
                // Consumers that have come or gone, and relays that have ended: a second is soon enough.
                .init("events", every: .seconds(1)) {
                    try relays.serve(try consumers.present())
                    return .done
                },
            ] + (care?.tasks ?? []),
            last: {
                relays.stop()
                watch?.stop()
                try care?.finish()
            },
            log: log
        )
    }
}

/// What a server does for a database by itself, and a file needs from us.
private struct FileCare {
    /// So many rows of each index are looked at for the planner, however large the table.
    private static let statisticsDepth = 400

    private let checkpointer: Checkpointer
    let tasks: [PeriodicTasks.Task]

    init(
        _ file: DatabaseOptions,
        _ session: DatabaseSession,
        settings: Settings,
        metrics: ServiceMetrics?,
        log: Logger,
        isToldToEnd: @escaping () -> Bool
    ) throws {
        let checkpointer = try Checkpointer(file)
        self.checkpointer = checkpointer
        let backups = settings.backups.map { backups in
            PeriodicTasks.Task("backup", every: ScheduledBackups.lookInterval) {
                try backups.run(file, log: log, isToldToEnd: isToldToEnd)
                return .done
            }
        }
        tasks =
            [
                .init("checkpoint", every: settings.checkpointInterval) {
                    metrics?.count(try checkpointer.checkpointIfNeeded(logBytesOver: settings.checkpointBytes))
                    return .done
                },
                .init("statistics", every: settings.statisticsInterval) {
                    try session.refreshStatistics(rowsPerIndex: Self.statisticsDepth)
                    return .done
                },
            ] + [backups].compactMap(\.self)
    }

    /// The file of the database alone holds everything after an orderly end.
    func finish() throws {
        try checkpointer.checkpointIfNeeded(logBytesOver: 0)
    }
}
