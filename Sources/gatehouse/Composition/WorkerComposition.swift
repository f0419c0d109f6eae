internal import API
internal import Caching
internal import Database
internal import Domain
internal import FastCGI
internal import HTTPPipeline
internal import Linux
internal import Logging
internal import Observability
internal import RateLimiting
internal import Security
internal import Services
internal import Stages
internal import Storage
internal import Synchronization
internal import WorkerPool

/// Where the concrete parts of a worker meet: what its threads share, and what each has of its own.
struct WorkerComposition: WorkerProgram {
    private let settings: Settings
    private let keys: InstanceKeys
    private let log: Logger
    private let accessLog: LogWriter
    private let wallClock = WallClock()
    private let metrics: ServiceMetrics?
    private let passwords: BoundedPasswordHasher
    private let registry: StatementRegistry
    private let database: DatabaseLocation
    private let shared: SharedState
    private let cache: Cache
    private let slot: Int
    private let document = PublishedDocument()
    private let activity: PoolActivity
    private let health: HealthWatch
    private let routeNames = RouteNames()
    private let times: RequestTimes?
    private let leases: SharedChangeLeases
    private let faultCount = FaultCount()
    private let graphQL: GraphQLComposition
    private let sessions = OpenSessions()

    /// Makes what the threads share, and sees that the database has the schema that this program needs.
    init(settings: Settings, shared: SharedState, slot: Int, log: Logger) throws {
        guard let keys = settings.keys else { throw Failure("no secrets of the instance were handed over") }
        self.keys = keys
        self.settings = settings
        self.slot = slot
        self.log = log
        self.shared = shared
        database = settings.database(writingWith: shared)
        cache = Cache(
            generations: shared.generations,
            options: database.file == nil
                ? CacheOptions(
                    budget: settings.cacheBytes,
                    lease: shared.cacheLease,
                    now: HostWatch.nanoseconds
                )
                : CacheOptions(budget: settings.cacheBytes, now: SystemClock.monotonicNanoseconds)
        )
        accessLog = try LogWriter(path: settings.accessLogPath, permissions: 0o640) { AccessLogNews.tell($0, log) }
        passwords = try settings.makePasswordHasher(shared)
        activity = try shared.activity
        leases = try shared.changeLeases
        graphQL = GraphQLComposition(settings: settings)
        registry = try Statements.registry(for: database.dialect)
        metrics = settings.metricsAreOn ? ServiceMetrics(shared.metrics, statements: registry) : nil
        times = metrics.map { RequestTimes($0.registry) }
        try SchemaCheck.run(settings, registry)
        if settings.mail != nil {
            try MailComposition.begin(in: SQLUnitOfWork(try DatabaseSession(database, registry: registry)))
        }
        health = try HealthWatch(settings: settings, shared: shared, registry: registry)
    }

    /// One thread's database session, services, pipeline and FastCGI responder.
    func makeHandler() throws -> RequestHandler {
        // Where there are more threads than places, the others are not shown.
        let thread = try? activity.claim()
        let session = try DatabaseSession(database, registry: registry)
        let waits = RequestWaits { thread?.reached(stage: $0.rawValue) }
        let measurement = DatabaseMeasurement(waits: waits, metrics: metrics?.database, slow: settings.slowStatement)
        session.costObserver = measurement
        sessions.add(session.interrupter)
        let passwords = ObservedPasswordHasher(passwords, waits: waits, metrics: metrics?.hashes)
        let unitOfWork = SQLUnitOfWork(session, cache: StorageCache(cache, ttl: settings.cacheTTL))
        let log = log
        let faultCount = faultCount
        let report = { (error: any Error) in
            log.warning("a request went on without", metadata: ["reason": "\(error)"])
        }
        let services = AccountServices(
            settings: settings,
            unitOfWork: unitOfWork,
            passwords: passwords,
            registrationIsOpen: settings.registrationIsOpen,
            report: report
        )
        let probes = health.probes()
        let pipeline = Pipeline(
            users: services.users,
            sessions: services.sessions,
            passwords: services.passwords,
            keys: services.keys,
            audit: services.audit,
            webhooks: WebhookComposition(keys: keys, targets: settings.webhookTargets).service(unitOfWork),
            confirmations: services.confirmations,
            health: HealthService(probes: probes),
            receipts: ReceiptService(
                unitOfWork: unitOfWork,
                sealing: InstanceReceiptSealing(keys),
                clock: KernelClock()
            ),
            leases: leases,
            registrationIsOpen: settings.registrationIsOpen,
            observer: try makeObserver(waits),
            bodyLimit: settings.bodyLimit,
            requiresIfMatch: settings.requiresIfMatch,
            cursorSigning: CursorKeys(keys: keys),
            limits: settings.limitsAreOn ? RequestLimits(try shared.makeLimiter(), try settings.limitPolicies) : nil,
            responses: ResponseStore(cache, kind: CacheKinds.responses, ttl: settings.cacheTTL),
            graphQL: try graphQL.makeParts(),
            version: Version.text,
            document: document,
            observeRoute: { thread?.found(route: $0) },
            crashes: { thread?.crashes ?? 0 },
            makeRequestID: { RequestID.make(SecureRandomSource()) }
        )
        routeNames.set(pipeline.routeNames)
        let responder = FastCGIResponder(pipeline.respond(to:)) { status in
            if status.code == 500 { faultCount.value.add(1, ordering: .relaxed) }
        }
        return RequestHandler(isHeavy: RequestClassifier(pipeline.heavyRoutes).matches) { request, admission in
            let queued = FastCGIResponder.receptionTime(of: request)
                .map { wallClock.microseconds(at: SystemClock.monotonicNanoseconds()) - $0 }
            request.withParameter("REQUEST_ID") { (id: Span<UInt8>?) in
                thread?.serves(requestID: id, queuedMicroseconds: queued)
            }
            responder.respond(to: request, isTurnedAway: admission == .turnedAway)
            waits.reach(.response)
            thread?.answered()
        } finished: {
            thread?.served()
            for statement in measurement.takeSlowStatements(of: session) { tell(statement) }
        }
    }

    /// Where the requests of one thread are told.
    private func makeObserver(_ waits: RequestWaits) throws -> RequestObserver {
        let limits = try settings.limitPolicies.all.map(\.name)
        return RequestObserver(
            log: AccessLog(
                accessLog.makeBuffer(),
                format: settings.logFormat == .json ? .json : .text,
                slow: settings.slowRequest,
                onlyProblems: settings.loggedRequests == .problems,
                makeTraceID: { RequestID.make(SecureRandomSource()) }
            ),
            metrics: metrics.map { ($0.registry, ServiceMetrics.prefix, limits) },
            waits: waits,
            clock: wallClock
        )
    }

    private func tell(_ statement: DatabaseMeasurement.SlowStatement) {
        metrics?.slowStatements.add()
        log.warning(
            "slow statement",
            metadata: [
                "statement": "\(statement.id)", "duration_us": "\(statement.nanoseconds / 1000)",
                "plan": "\(statement.plan.joined(separator: "; "))",
            ]
        )
    }

    var faults: Int { faultCount.value.load(ordering: .relaxed) }

    func cancel() { sessions.interrupt() }

    func makeHousekeeping() throws -> any Housekeeping {
        WorkerHousekeeping(
            accessLog: accessLog,
            lostLines: metrics?.lostLogLines,
            wallClock: wallClock,
            cacheReport: CacheReport(of: cache, to: try shared.cacheCounters, slot: slot),
            health: health,
            times: times
        )
    }
}

/// The statements of all threads, which may have to end.
private final class OpenSessions: Sendable {
    private let interrupters = Mutex<[DatabaseInterrupter]>([])

    func add(_ interrupter: DatabaseInterrupter) { interrupters.withLock { $0.append(interrupter) } }

    func interrupt() {
        for interrupter in interrupters.withLock({ $0 }) { interrupter.interrupt() }
    }
}

/// The requests that all threads have answered with a fault.
private final class FaultCount: Sendable {
    let value = Atomic(0)
}

extension WorkerComposition {
    /// What answers on the status socket: the health, the state of the pool, the metrics.
    func makeStatusResponder(_ pool: WorkerView) throws -> ((FastCGI.BufferedRequest) -> [UInt8])? {
        // Before the worker is ready, so that its first answer is one.
        health.waitForFirstFacts()
        let (health, isDraining) = (health, pool.isDraining)
        let readers = settings.statusReaders
        let page = MetricsPage(settings: settings, shared: shared)
        let report = StatusReport(
            board: try shared.board,
            activity: try shared.activity,
            health: health,
            limitsAreOn: settings.limitsAreOn,
            routeNames: routeNames,
            times: times
        )
        let pipeline = StatusPipeline(
            StatusPipeline.Sources(
                health: HealthService(probes: health.probes(isDraining: isDraining)),
                details: { health.details(version: Version.text, isDraining: isDraining()) },
                pool: report.json,
                metrics: { (try? page.text()) ?? [] }
            ),
            // Without an address it comes from a peer of the socket itself, who may claim any.
            isReader: { $0.isEmpty || readers.contains($0) },
            makeRequestID: { RequestID.make(SecureRandomSource()) }
        )
        return BufferedResponder(pipeline.respond(to:)).respond(to:)
    }
}
