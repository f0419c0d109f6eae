internal import Database
internal import JSON
internal import Linux
internal import Observability
internal import PostgreSQL
internal import Services
internal import Storage
internal import WorkerPool

/// What a worker's health depends on, found out twice a second by a thread of its own.
///
/// So a database that does not answer holds that thread, and nobody who asks how the service is.
final class HealthWatch: Sendable {
    /// What was found at one time, with the parts held steady over several.
    struct Facts: Sendable {
        var database: Part
        var databaseProblem: String?
        var latencyMicroseconds: Int64
        var disk: HealthReport.Disk
        var space: FileSystemSpace?
        var fitsSchema: Part
        var isStuck: Bool
    }

    /// Whether a part is as it should be.
    enum Part: Int, Comparable, Sendable {
        case good, bad

        static func < (left: Part, right: Part) -> Bool { left.rawValue < right.rawValue }
    }

    fileprivate static let interval: Int64 = 500_000_000
    /// Where the check itself has not come back for so long, the database does not answer.
    private static let patience: Int64 = 5_000_000_000

    private let check: BackgroundCheck<Facts>
    private let shared: SharedState

    /// Starts watching.
    init(settings: Settings, shared: SharedState, registry: StatementRegistry) throws {
        self.shared = shared
        let location = Self.watched(settings)
        let (dataPath, activity) = (settings.dataPath, try shared.activity)
        // What the control thread does past a request's time it does within a round.
        let limit = settings.requestTimeout + 10_000_000_000
        check = try BackgroundCheck("health", every: Self.interval) {
            let database = DatabaseWatch(location, registry)
            var disk = Hysteresis(HealthReport.Disk.sufficient)
            var isFirst = true
            return {
                let space = try? FileSystemSpace(holding: dataPath)
                // A file system that does not tell gives no room either.
                let room = space.map { HealthReport.Disk(available: $0.available, total: $0.total) } ?? .insufficient
                // What holds at the start is no change.
                if isFirst { disk = Hysteresis(room) } else { disk.note(room) }
                isFirst = false
                database.look()
                return Facts(
                    database: database.answers.value,
                    databaseProblem: database.problem,
                    latencyMicroseconds: database.latencyMicroseconds,
                    disk: disk.value,
                    space: space,
                    fitsSchema: database.fits.value,
                    isStuck: Self.isStuck(activity, limit)
                )
            }
        }
    }

    /// The database as one uses it who asks, and waits for less than one who changes something.
    private static func watched(_ settings: Settings) -> DatabaseLocation {
        if var server = settings.databaseServer {
            server.statementTimeout = .milliseconds(500)
            return .server(PostgreSQLDatabase(server))
        }
        guard var file = settings.database.file else { return settings.database }
        file.busyTimeout = .milliseconds(500)
        file.cacheBytes = 64 << 10
        return .file(file)
    }

    /// Waits a moment for the first facts.
    func waitForFirstFacts() { check.waitForFirst(nanoseconds: 1_000_000_000) }

    /// What handlers and the status socket ask, without waiting; `isDraining` tells whether the worker ends.
    func probes(isDraining: @escaping @Sendable () -> Bool = { false }) -> some HealthProbes {
        Probes(latest: latest, isMapped: { [shared] in shared.isMapped }, isDraining: isDraining)
    }

    /// The details of the health as JSON, for those who may see them.
    func details(version: String, isDraining: Bool) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        let latest = check.latest
        writer.object { details in
            details.member("version", version)
            details.member("checked_ms_ago", latest.map { $0.age / 1_000_000 })
            details.member("draining", isDraining)
            guard let facts = latest?.facts else { return }
            details.object("database") { database in
                database.member("latency_us", facts.latencyMicroseconds)
                database.member("problem", facts.databaseProblem)
                database.member("schema_fits", facts.fitsSchema == .good)
            }
            details.object("disk") { disk in
                disk.member("available_bytes", facts.space?.available)
                disk.member("total_bytes", facts.space?.total)
            }
        }
        return writer.bytes
    }

    /// In a few words why the service is not healthy; nil where it is.
    func condition() -> String? {
        guard let (facts, age) = check.latest else { return "nothing is known yet" }
        var problems: [String] = []
        if age > Self.patience { problems.append("the check of the database does not return") }
        if facts.database == .bad { problems.append("database: \(facts.databaseProblem ?? "it did not answer")") }
        if facts.fitsSchema == .bad { problems.append("the schema of the database is not for this program") }
        if facts.disk != .sufficient { problems.append("disk: room is \(facts.disk.rawValue)") }
        if facts.isStuck { problems.append("no thread finishes its request") }
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }

    private func latest() -> (facts: Facts, isFresh: Bool)? {
        check.latest.map { ($0.facts, $0.age <= Self.patience) }
    }

    /// Whether all threads of the pool have served a request for longer than any may take.
    private static func isStuck(_ activity: PoolActivity, _ limit: Int64) -> Bool {
        // Where the memory does not tell, nothing is known against the pool.
        guard let states = try? activity.states(), !states.isEmpty else { return false }
        let now = SystemClock.monotonicNanoseconds()
        return states.allSatisfy { $0.phase != .waiting && now - $0.since > limit }
    }

    private struct Probes: HealthProbes {
        let latest: @Sendable () -> (facts: Facts, isFresh: Bool)?
        let isMapped: @Sendable () -> Bool
        let isDraining: @Sendable () -> Bool

        func databaseAnswers() -> Bool {
            guard let (facts, isFresh) = latest() else { return false }
            return isFresh && facts.database == .good
        }

        /// The memory that decides what may be remembered is mapped as long as a worker serves: else it does not start.
        func cacheAnswers() -> Bool { isMapped() }

        func disk() -> HealthReport.Disk { latest()?.facts.disk ?? .insufficient }

        func obstacle() -> Readiness.Obstacle? {
            if isDraining() { return .draining }
            guard let (facts, _) = latest() else { return .starting }
            return facts.fitsSchema == .bad ? .schema : nil
        }

        func isStuck() -> Bool { latest()?.facts.isStuck ?? false }
    }
}

/// Looks at the database as a thread that serves sees it: by a connection that stays open.
private final class DatabaseWatch {
    private let location: DatabaseLocation
    private let registry: StatementRegistry
    private var session: DatabaseSession?
    private var file: FileIdentity?
    /// The schema that was looked at last, and whether it fits.
    private var judged: (version: Int, fits: Bool)?

    private(set) var answers = Hysteresis(HealthWatch.Part.good)
    private(set) var fits = Hysteresis(HealthWatch.Part.good)
    private(set) var problem: String?
    private(set) var latencyMicroseconds: Int64 = 0

    init(_ location: DatabaseLocation, _ registry: StatementRegistry) {
        self.location = location
        self.registry = registry
    }

    func look() {
        let began = SystemClock.monotonicNanoseconds()
        do {
            let version = try ask()
            if judged?.version != version { judged = (version, try SchemaCheck.fits(version, registry, session)) }
            fits.note(judged?.fits == false ? .bad : .good)
            answers.note(.good)
            problem = nil
        } catch {
            // One that took long counts for all that would have been found meanwhile.
            let missed = (SystemClock.monotonicNanoseconds() - began) / HealthWatch.interval
            for _ in 0...missed { answers.note(.bad) }
            problem = "\(error)"
        }
        latencyMicroseconds = (SystemClock.monotonicNanoseconds() - began) / 1000
    }

    /// The version of the schema, read from the file that the path names, or from the server.
    private func ask() throws -> Int {
        // Connections go on with a file that was moved away or removed, as if nothing had happened.
        let path = location.file?.path
        let now = try path.map { try FileIdentity(of: $0) }
        if let path, let file, file != now { throw Failure("\(path) is another file than the one that was opened") }
        let session = if let open = self.session { open } else { try DatabaseSession(location, registry: registry) }
        self.session = session
        file = now
        try HealthStatements.ask(session)
        return try session.schemaVersion()
    }
}
