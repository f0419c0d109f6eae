internal import Configuration
internal import Cryptography
internal import Database
internal import Domain
internal import Linux
internal import Security
internal import WorkerPool

/// The checked configuration, in the types of the parts that use it.
struct Settings: Sendable {
    private let values: ConfigurationValues
    /// The directory of the instance.
    let dataPath: String
    /// The secrets of the instance.
    ///
    /// Only where the supervisor handed them over: other commands do not need them, and do not read their file.
    let keys: InstanceKeys?

    /// Reads and checks the configuration of an instance: flags before environment before file before defaults.
    ///
    /// - Throws: ``ConfigurationMistakes`` with all of them; ``Failure`` where the directory cannot be used.
    init(directory: DataDirectory, flags: [ConfigurationFlag] = []) throws {
        try directory.checkAccess()
        let file = directory.configurationFile
        let text = Files.exists(file) ? try Files.read(file) : []
        values = try SettingKeys.table.read(
            yaml: text,
            file: file,
            environment: ThisProcess.environmentVariables(),
            environmentIgnored: SettingKeys.foreignEnvironment,
            flags: flags,
            base: directory.path,
            secretFile: { try Files.read($0, limit: 64 << 10) }
        )
        dataPath = directory.path
        keys = nil
    }

    /// Reads a configuration that another process has checked.
    init(json: [UInt8]) throws {
        let handed = try HandedSettings(bytes: json)
        values = try ConfigurationValues(json: handed.values, table: SettingKeys.table)
        dataPath = handed.dataPath
        keys = try InstanceKeys(text: handed.keys)
    }

    /// The checked configuration for another process.
    func json(keys: InstanceKeys) throws -> [UInt8] {
        HandedSettings(dataPath: dataPath, values: values.json(), pool: try pool.json(), keys: keys.text).bytes
    }

    /// What brings the schema of this instance up.
    var migrateCommand: String { "gatehouse migrate up --data \(dataPath)" }

    /// Each key with its value and where that came from.
    func listing() -> [ConfigurationSetting] { values.listing() }

    // MARK: - For each part

    var pool: PoolSettings {
        get throws {
            guard let address = ListenAddress(values[SettingKeys.listen]) else {
                throw Failure(.configuration, "pool.listen is no address")
            }
            let group = values[SettingKeys.group]
            let listen: PoolSettings.Listen =
                switch address {
                case .unix(let path):
                    .unix(path: path.hasPrefix("/") ? path : "\(dataPath)/\(path)", group: group.isEmpty ? nil : group)
                case .tcp(let host, let port): .tcp(host: host, port: port)
                }
            return PoolSettings(
                workers: values[SettingKeys.workers],
                listen: listen,
                backlog: Int32(clamping: values[SettingKeys.backlog]),
                bootTimeout: values[SettingKeys.bootTimeout].nanoseconds,
                shutdownTimeout: values[SettingKeys.shutdownTimeout].nanoseconds
            )
        }
    }

    var worker: WorkerOptions {
        WorkerOptions(
            threads: values[SettingKeys.threads],
            requestTimeout: values[SettingKeys.requestTimeout].nanoseconds,
            shutdownTimeout: values[SettingKeys.shutdownTimeout].nanoseconds
        )
    }

    var database: DatabaseOptions {
        DatabaseOptions(
            path: values[SettingKeys.databasePath],
            durability: values[SettingKeys.durability] == .powerLoss ? .powerLoss : .processEnd,
            busyTimeout: values[SettingKeys.busyTimeout],
            journalSizeLimit: checkpointBytes
        )
    }

    var checkpointBytes: Int { values[SettingKeys.checkpointBytes] }
    var bodyLimit: Int { values[SettingKeys.bodyLimit] }
    var requiresIfMatch: Bool { values[SettingKeys.requiresIfMatch] }
    var registrationIsOpen: Bool { values[SettingKeys.registrationIsOpen] }
    var accessLogPath: String { values[SettingKeys.accessLog] }

    var sessionPolicy: SessionPolicy {
        SessionPolicy(
            idleSeconds: values[SettingKeys.sessionIdle].components.seconds,
            totalSeconds: values[SettingKeys.sessionTotal].components.seconds
        )
    }

    var commonPasswords: CommonPasswords { CommonPasswords(siteName: values[SettingKeys.siteName]) }

    func makePasswordHasher() throws -> BoundedPasswordHasher {
        try CryptographyLibrary.initialize()
        let threads = values[SettingKeys.threads]
        return try BoundedPasswordHasher(
            argon2id: Argon2id(memory: values[SettingKeys.passwordMemory], passes: values[SettingKeys.passwordPasses]),
            permits: values[SettingKeys.passwordPermits],
            // Two threads at least are left for requests that hash nothing, where there are three.
            mostInside: min(16, max(1, threads - 2))
        )
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
