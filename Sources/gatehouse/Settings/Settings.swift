internal import API
internal import Configuration
internal import Consumers
internal import Cryptography
internal import Database
internal import Domain
internal import Linux
internal import Observability
internal import PostgreSQL
internal import RateLimiting
internal import Security
internal import Storage
internal import WorkerPool

/// The checked configuration, in the types of the parts that use it.
struct Settings: Sendable {
    private let values: ConfigurationValues
    /// The directory of the instance.
    let dataPath: String
    /// What brings the schema of this instance up.
    let migrateCommand: String
    /// The secrets of the instance.
    ///
    /// Only where the supervisor handed them over: other commands do not need them, and do not read their file.
    let keys: InstanceKeys?

    /// Reads and checks the configuration of an instance: flags before environment before file before defaults.
    ///
    /// - Throws: ``ConfigurationMistakes`` with all of them; ``Failure`` where the directory cannot be used.
    init(directory: DataDirectory, flags: [ConfigurationFlag] = []) throws {
        try directory.checkAccess()
        let text = try directory.readConfiguration()
        values = try SettingKeys.table.read(
            yaml: text,
            file: directory.configurationFile,
            environment: ThisProcess.environmentVariables(),
            environmentIgnored: SettingKeys.foreignEnvironment,
            flags: flags,
            base: directory.path,
            secretFile: { try Files.read($0, limit: 64 << 10) }
        )
        dataPath = directory.path
        migrateCommand = "gatehouse migrate up \(directory.options)"
        keys = nil
    }

    /// Reads a configuration that another process has checked.
    init(json: [UInt8]) throws {
        let handed = try HandedSettings(bytes: json)
        values = try ConfigurationValues(json: handed.values, table: SettingKeys.table)
        dataPath = handed.dataPath
        migrateCommand = "gatehouse migrate up --data \(dataPath)"
        keys = try InstanceKeys(text: handed.keys)
    }

    /// The checked configuration for another process.
    func json(keys: InstanceKeys) throws -> [UInt8] {
        HandedSettings(dataPath: dataPath, values: values.json(), pool: try pool.json(), keys: keys.text).bytes
    }

    /// Each key with its value and where that came from.
    func listing() -> [ConfigurationSetting] { values.listing() }

    // MARK: - For each part

    var pool: PoolSettings {
        get throws {
            PoolSettings(
                workers: values[SettingKeys.workers],
                listen: try listen(SettingKeys.listen),
                statusListen: try listen(SettingKeys.statusListen),
                backlog: Int32(clamping: values[SettingKeys.backlog]),
                bootTimeout: values[SettingKeys.bootTimeout].nanoseconds,
                shutdownTimeout: values[SettingKeys.shutdownTimeout].nanoseconds,
                probation: PoolSettings.Probation(
                    time: values[SettingKeys.probationTime].nanoseconds,
                    deaths: values[SettingKeys.probationDeaths],
                    faults: values[SettingKeys.probationFaults]
                ),
                notices: notices
            )
        }
    }

    /// What somebody may have wanted otherwise.
    private var notices: [String] {
        var notices: [String] = []
        if !limitsAreOn { notices.append("requests are not limited: limits.enabled is false") }
        if databaseServer != nil, values[SettingKeys.backupInterval] > .zero {
            notices.append(
                "no backups are made: maintenance.backup_interval is for a database in a file; pg_dump does it on a server"
            )
        }
        return notices
    }

    private func listen(_ key: ConfigurationKey<String>) throws -> PoolSettings.Listen {
        let group = values[SettingKeys.group]
        return switch ListenAddress(values[key]) {
        case .unix(let path)?:
            .unix(path: path.hasPrefix("/") ? path : "\(dataPath)/\(path)", group: group.isEmpty ? nil : group)
        case .tcp(let host, let port)?: .tcp(host: host, port: port)
        case nil: throw Failure(.configuration, "\(key.name) is no address")
        }
    }

    /// Who may see more than the health.
    var statusReaders: StatusReaders { StatusReaders(values[SettingKeys.statusReaders]) ?? .nobody }

    /// The most requests, memory and age of a worker.
    private var wear: WearLimits {
        let (requests, memory) = (values[SettingKeys.wearRequests], values[SettingKeys.wearMemory])
        let age = values[SettingKeys.wearAge].nanoseconds
        return WearLimits(
            requests: requests > 0 ? requests : nil,
            memory: memory > 0 ? memory : nil,
            age: age > 0 ? age : nil
        )
    }

    var requestTimeout: Int64 { values[SettingKeys.requestTimeout].nanoseconds }

    /// The options of a worker in its place.
    func worker(generation: Int, slot: Int) throws -> WorkerOptions {
        let group = values[SettingKeys.group]
        var peers = try AllowedPeers(socketGroup: group.isEmpty ? nil : group)
        try peers.add(values[SettingKeys.peers])
        return WorkerOptions(
            threads: values[SettingKeys.threads],
            requestTimeout: requestTimeout,
            shutdownTimeout: values[SettingKeys.shutdownTimeout].nanoseconds,
            wear: wear,
            reunion: Reunion(
                commandPath: DataDirectory(path: dataPath).commandSocket,
                generation: generation,
                slot: slot
            ),
            peers: peers,
            heavyLane: HeavyLaneOptions(
                threads: values[SettingKeys.heavyThreads],
                backlog: values[SettingKeys.heavyBacklog],
                patience: values[SettingKeys.heavyTimeout].nanoseconds
            )
        )
    }

    /// Where the database is, for sessions that only read.
    var database: DatabaseLocation {
        guard let databaseServer else { return .file(databaseFile) }
        return .server(PostgreSQLDatabase(databaseServer))
    }

    /// The same for sessions that change something: what others remember becomes old, and in a file one changes at a time.
    ///
    /// To be made once in a process. What changes more than can be told commit by commit (`isTold` is false) tells other
    /// hosts at its end, by `ChangeLog.tellEverything`.
    func database(writingWith shared: SharedState, isTold: Bool = true) -> DatabaseLocation {
        let observer = CommitAnnouncement(
            invalidation: CacheInvalidation(shared.generations),
            events: shared.eventSignal,
            commits: databaseServer == nil ? nil : shared.commitSignal
        )
        if let databaseServer {
            let log = isTold ? ChangeLog.commits : nil
            return .server(PostgreSQLDatabase(databaseServer, observer: observer, log: log))
        }
        var options = databaseFile
        options.writeLock = shared.writeLock
        options.groupCommit = shared.groupCommit
        options.observer = observer
        return .file(options)
    }

    /// The file of the database, which is used where no server is named.
    private var databaseFile: DatabaseOptions {
        DatabaseOptions(
            path: values[SettingKeys.databasePath],
            durability: values[SettingKeys.durability] == .powerLoss ? .powerLoss : .processEnd,
            busyTimeout: values[SettingKeys.busyTimeout],
            journalSizeLimit: max(DatabaseOptions.journalRoom, checkpointBytes)
        )
    }

    /// How the server of the database is reached; nil where there is none.
    var databaseServer: ConnectionOptions? {
        let host = values[SettingKeys.databaseHost]
        guard !host.isEmpty else { return nil }
        let passwordFile = values[SettingKeys.databasePasswordFile]
        let security: ConnectionOptions.Security =
            switch values[SettingKeys.databaseSecurity] {
            case .none: .none
            case .encrypted: .encrypted
            case .verified: .verified(authorities: values[SettingKeys.databaseAuthorities])
            }
        return ConnectionOptions(
            host: host,
            port: values[SettingKeys.databasePort],
            database: values[SettingKeys.databaseName],
            user: values[SettingKeys.databaseUser],
            passwordFile: passwordFile.isEmpty ? nil : passwordFile,
            security: security,
            applicationName: "gatehouse",
            lockTimeout: values[SettingKeys.busyTimeout],
            isPooled: values[SettingKeys.databaseIsPooled]
        )
    }

    /// How many connections the processes of the instance have to the server at most.
    var mostConnections: Int {
        let threads = values[SettingKeys.threads] + values[SettingKeys.heavyThreads]
        // The watch of the health in each worker; maintenance, its relays, its three for other hosts, and a command.
        return values[SettingKeys.workers] * (threads + 1) + 9
    }

    var cacheBytes: Int { values[SettingKeys.cacheSize] }
    var cacheTTL: Duration { values[SettingKeys.cacheTTL] }
    var checkpointBytes: Int { values[SettingKeys.checkpointBytes] }
    var checkpointInterval: Duration { values[SettingKeys.checkpointInterval] }
    var expiryInterval: Duration { values[SettingKeys.expiryInterval] }
    var expiredSessionsKept: Duration { values[SettingKeys.expiredSessionsKept] }
    var expiredKeysKept: Duration { values[SettingKeys.expiredKeysKept] }
    /// Where webhooks may be sent to.
    var webhookTargets: WebhookTargets {
        let networks = NamedNetworks(values[SettingKeys.webhookNetworks])
        return WebhookTargets(hasNetworks: networks?.isEmpty == false) { networks?.contains($0) == true }
    }
    var auditKept: Duration { values[SettingKeys.auditKept] }
    var statisticsInterval: Duration { values[SettingKeys.statisticsInterval] }
    /// Where and how often the database is backed up; nil where it is not.
    var backups: ScheduledBackups? {
        let interval = values[SettingKeys.backupInterval]
        guard interval > .zero, databaseServer == nil else { return nil }
        let age = values[SettingKeys.backupAge]
        return ScheduledBackups(
            directory: BackupDirectory(
                path: values[SettingKeys.backupDirectory],
                prefix: "gatehouse",
                retention: BackupRetention(count: values[SettingKeys.backupCount], age: age > .zero ? age : nil)
            ),
            interval: interval
        )
    }

    var bodyLimit: Int { values[SettingKeys.bodyLimit] }
    var requiresIfMatch: Bool { values[SettingKeys.requiresIfMatch] }
    var registrationIsOpen: Bool { values[SettingKeys.registrationIsOpen] }
    var accessLogPath: String { values[SettingKeys.accessLog] }
    var logFormat: LogFormat { values[SettingKeys.logFormat] }
    /// The same for events.
    var eventFormat: EventLogHandler.Format { logFormat == .json ? .json : .text }
    var loggedRequests: LoggedRequests { values[SettingKeys.loggedRequests] }
    /// In nanoseconds, queue included.
    var slowRequest: Int64 { Self.bound(values[SettingKeys.slowRequest]) }
    /// In nanoseconds.
    var slowStatement: Int64 { Self.bound(values[SettingKeys.slowStatement]) }
    var metricsAreOn: Bool { values[SettingKeys.metricsAreOn] }

    /// No time reaches a bound of 0.
    private static func bound(_ duration: Duration) -> Int64 {
        duration == .zero ? .max : duration.nanoseconds
    }

    var sessionPolicy: SessionPolicy {
        SessionPolicy(
            idleSeconds: values[SettingKeys.sessionIdle].components.seconds,
            totalSeconds: values[SettingKeys.sessionTotal].components.seconds
        )
    }

    var limitsAreOn: Bool { values[SettingKeys.limitsAreOn] }

    /// The policies of limits; the numbers that tell them apart in the shared table are never given to others.
    var limitPolicies: LimitPolicies {
        get throws {
            func policy(
                _ name: String,
                _ number: UInt8,
                _ key: ConfigurationKey<CountPerWindow>,
                _ onFailure: LimitPolicy.OnFailure,
                _ algorithm: (Int) -> LimitPolicy.Algorithm? = { _ in nil }
            ) throws -> LimitPolicy {
                let (count, window) = (values[key].count, values[key].window)
                let policy = LimitPolicy(
                    name,
                    number: number,
                    limit: count,
                    window: window,
                    algorithm: algorithm(count),
                    onFailure: onFailure
                )
                guard let policy else { throw Failure(.configuration, "\(key.name) is no limit") }
                return policy
            }
            // Where it cannot be counted: nginx's flood guard still stands before requests, nothing before guesses.
            return LimitPolicies(
                address: try policy("address", 1, SettingKeys.limitOfAddress, .admit),
                user: try policy("user", 2, SettingKeys.limitOfUser, .admit),
                signInAddress: try policy("sign_in_address", 3, SettingKeys.limitOfSignInAddress, .refuse),
                signIn: try policy("sign_in", 4, SettingKeys.limitOfSignIn, .refuse),
                signInLong: try policy("sign_in_long", 5, SettingKeys.limitOfSignInLong, .refuse),
                signInAccount: try policy("sign_in_account", 6, SettingKeys.limitOfSignInAccount, .refuse),
                signInAttacked: try policy("sign_in_attacked", 7, SettingKeys.limitOfSignInAttacked, .refuse),
                passwordChange: try policy("password_change", 8, SettingKeys.limitOfPasswordChange, .refuse),
                // One after another: what an operation costs is known before it is executed.
                graphQLCost: try policy("graphql_cost", 9, SettingKeys.limitOfGraphQLCost, .admit) {
                    .pacing(burst: $0 / 2)
                },
                mailAddress: try policy("mail_address", 10, SettingKeys.limitOfMailAddress, .refuse),
                mail: try policy("mail", 11, SettingKeys.limitOfMail, .refuse)
            )
        }
    }

    /// Which draft answers of GraphQL follow; nil where it is not offered.
    var graphQLProfile: GraphQLProfile? {
        values[SettingKeys.graphQLIsOn] ? values[SettingKeys.graphQLProfile] : nil
    }

    /// How many handler threads of a worker may execute operations of GraphQL that hash a password.
    var heavyOperations: Int { values[SettingKeys.threads] / 4 }

    var commonPasswords: CommonPasswords { CommonPasswords(siteName: values[SettingKeys.siteName]) }

    /// How mail is sent; nil where none is.
    var mail: MailSettings? { MailSettings(values) }

    func makePasswordHasher(_ shared: SharedState) throws -> BoundedPasswordHasher {
        try CryptographyLibrary.initialize()
        let threads = values[SettingKeys.threads]
        return BoundedPasswordHasher(
            argon2id: Argon2id(memory: values[SettingKeys.passwordMemory], passes: values[SettingKeys.passwordPasses]),
            permits: try shared.passwordPermits,
            atOnce: values[SettingKeys.passwordPermits],
            // All that do nothing else; and of the others two at least are left for requests that hash nothing, where there
            // are three.
            mostInside: values[SettingKeys.heavyThreads] + min(16, max(1, threads - 2))
        )
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
