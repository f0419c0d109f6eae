internal import ArgumentParser
internal import Linux

/// The directory that holds everything of one instance, and where things are in it.
struct DataDirectory: Sendable {
    let path: String

    var configurationFile: String { "\(path)/gatehouse.yaml" }
    var keysFile: String { "\(path)/keys/instance.keys" }
    var lockFile: String { "\(path)/run/gatehouse.lock" }
    var commandSocket: String { "\(path)/run/control.sock" }

    var siteDirectory: String { "\(path)/nginx" }

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

/// The option that every command takes.
struct InstanceOptions: ParsableArguments {
    @Option(help: "The directory that holds the instance: configuration, database, sockets, logs.")
    var data: String

    var directory: DataDirectory { DataDirectory(path: Files.absolute(data)) }
}
