internal import Configuration
internal import Database
internal import Doctor
internal import Linux
internal import Storage
internal import WorkerPool

/// Which checks there are for an instance, in the order in which they are told.
enum DoctorComposition {
    /// - Throws: where the data directory cannot be looked at at all.
    static func checks(of directory: DataDirectory, isThorough: Bool) throws -> [any Check] {
        let owner = try FileStatus(of: directory.path).owner
        let files = permissions(of: directory, owner)
        let settings: Settings
        do {
            settings = try Settings(directory: directory)
        } catch let mistakes as ConfigurationMistakes {
            // What the rest is to be held against is not known.
            return [LibraryCheck(hasDatabaseFile: true)] + files + [
                ConfigurationCheck(mistakes: mistakes.mistakes), InstanceKeyCheck(path: directory.keysFile),
            ]
        }
        return [LibraryCheck(hasDatabaseFile: settings.database.file != nil)] + files
            + [ConfigurationCheck(mistakes: []), InstanceKeyCheck(path: directory.keysFile)]
            + database(settings, owner, isThorough)
            + [
                DiskCheck(path: directory.path)
            ]
            + backups(settings)
            + [
                PoolCheck(
                    commandSocket: directory.commandSocket,
                    serveCommand: "gatehouse serve \(directory.options)"
                ),
                KernelCheck(backlog: Int(try settings.pool.backlog), lockFile: directory.lockFile),
            ]
            + (try nginx(settings, directory))
    }

    private static func permissions(of directory: DataDirectory, _ owner: UInt32) -> [any Check] {
        [
            PermissionCheck(directory.path, widest: 0o755, exposure: .secret, owner: nil, isRequired: true),
            PermissionCheck(directory.configurationFile, widest: 0o644, exposure: .secret, owner: nil),
            PermissionCheck("\(directory.path)/keys", widest: 0o700, exposure: .secret, owner: owner),
            PermissionCheck(directory.keysFile, widest: 0o600, exposure: .secret, owner: owner),
            PermissionCheck("\(directory.path)/log", widest: 0o750, exposure: .privacy, owner: owner),
            PermissionCheck("\(directory.path)/run", widest: 0o755, exposure: .secret, owner: owner),
            PermissionCheck(directory.commandSocket, widest: 0o600, exposure: .secret, owner: owner),
        ]
    }

    private static func database(_ settings: Settings, _ owner: UInt32, _ isThorough: Bool) -> [any Check] {
        guard let file = settings.database.file else {
            return [
                DatabaseServerCheck(
                    settings.database,
                    migrations: Schema.migrations,
                    neededVersion: Schema.neededVersion,
                    mostConnections: settings.mostConnections,
                    migrateCommand: settings.migrateCommand
                )
            ]
        }
        let path = file.path
        let files = [path, "\(path)-wal", "\(path)-shm"].map {
            PermissionCheck($0, widest: 0o600, exposure: .secret, owner: owner)
        }
        return files + [
            DatabaseCheck(
                file,
                migrations: Schema.migrations,
                neededVersion: Schema.neededVersion,
                isThorough: isThorough,
                migrateCommand: settings.migrateCommand
            )
        ]
    }

    private static func backups(_ settings: Settings) -> [any Check] {
        guard let backups = settings.backups else { return [] }
        let now = SystemClock.realtimeMicroseconds()
        return [BackupAgeCheck(directory: backups.directory, interval: backups.interval, now: now)]
    }

    private static func nginx(_ settings: Settings, _ directory: DataDirectory) throws -> [any Check] {
        let pool = try settings.pool
        // Whoever may connect can say to be any client.
        let checks: [any Check] = [pool.listen, pool.statusListen].compactMap(\.?.path)
            .map { PermissionCheck($0, widest: 0o660, exposure: .secret, owner: nil) }
        return checks + [
            NginxSiteCheck(
                directory: directory.siteDirectory,
                expectation: NginxSiteCheck.Expectation(
                    listen: pool.listen.nginxName,
                    statusListen: pool.statusListen?.nginxName ?? "",
                    bodyLimit: settings.bodyLimit,
                    requestTimeout: Int(settings.requestTimeout / 1_000_000)
                )
            ),
            NginxTestCheck(
                file: "\(directory.siteDirectory)/nginx.conf",
                searchPath: ThisProcess.environmentVariables()["PATH"] ?? ""
            ),
            CertificateCheck(siteDirectory: directory.siteDirectory, now: SystemClock.realtimeMicroseconds()),
        ]
    }
}

extension PoolSettings.Listen {
    /// The file of the socket, where it is one.
    fileprivate var path: String? { if case .unix(let path, _) = self { path } else { nil } }

    /// As nginx writes it.
    fileprivate var nginxName: String {
        switch self {
        case .unix(let path, _): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}

/// What the configuration's own check says.
private struct ConfigurationCheck: Check {
    let mistakes: [ConfigurationMistake]

    func run() -> [Finding] {
        guard !mistakes.isEmpty else { return [.ok("settings", "the configuration is good")] }
        return mistakes.map {
            .error("settings", "\($0)", remedy: "mend it, and see with gatehouse config check")
        }
    }
}
