internal import ArgumentParser
internal import Linux

/// The directory that holds everything of one instance, and where things are in it.
struct DataDirectory: Sendable {
    let path: String
    /// The file that was named in place of the directory's own, which may be missing.
    let namedConfiguration: String?

    init(path: String, configuration: String? = nil) {
        self.path = path
        namedConfiguration = configuration
    }

    var configurationFile: String { namedConfiguration ?? "\(path)/gatehouse.yaml" }
    var keysFile: String { "\(path)/keys/instance.keys" }
    var lockFile: String { "\(path)/run/gatehouse.lock" }
    var commandSocket: String { "\(path)/run/control.sock" }

    var siteDirectory: String { "\(path)/nginx" }

    /// The options that name this instance, for another process.
    var arguments: [String] { ["--data", path] + (namedConfiguration.map { ["--config", $0] } ?? []) }

    /// The same, for a command that somebody is told to run.
    var options: String { arguments.joined(separator: " ") }

    /// The configuration as it is written; nothing where the directory has none.
    ///
    /// - Throws: ``Failure`` where a file that was named cannot be read; `SystemError` for the directory's own.
    func readConfiguration() throws -> [UInt8] {
        guard let named = namedConfiguration else {
            return Files.exists(configurationFile) ? try Files.read(configurationFile) : []
        }
        do throws(SystemError) {
            return try Files.read(named)
        } catch {
            throw Failure(.configuration, "the configuration \(named) cannot be read: \(error.reason)")
        }
    }

    /// - Throws: ``Failure`` that names the directory where there is none, or where it may not be entered.
    func checkAccess() throws {
        do throws(SystemError) {
            try Files.checkAccess(toDirectory: path)
        } catch {
            throw Failure(
                error.isMissing
                    ? "there is no directory \(path)" : "the directory \(path) cannot be read: \(error.reason)"
            )
        }
    }

    /// Makes the directories that are missing.
    func prepare() throws {
        // nginx enters run to reach the socket; what is in log and beside is nobody else's.
        try Files.makeDirectory("\(path)/run", permissions: 0o755)
        try Files.makeDirectory("\(path)/log", permissions: 0o750)
        try Files.makeDirectory("\(path)/keys", permissions: 0o700)
    }
}

/// The options by which every command finds its instance.
struct InstanceOptions: ParsableArguments {
    @Option(help: "The directory that holds the instance: configuration, database, sockets, logs.")
    var data: String?

    @Option(
        help: "A configuration other than DIR/gatehouse.yaml; without --data the instance lies where this file does."
    )
    var config: String?

    func validate() throws {
        guard data != nil || config != nil else { throw ValidationError("Missing expected argument '--data <data>'") }
    }

    var directory: DataDirectory {
        let configuration = config.map(Files.absolute)
        // One of the two is there, or the command would not run.
        let path = data.map(Files.absolute) ?? configuration.map(Files.directory(of:)) ?? "/"
        return DataDirectory(path: path, configuration: configuration)
    }
}
