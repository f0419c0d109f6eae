internal import ArgumentParser
internal import Linux

/// The directory that holds everything of one instance, and where things are in it.
struct DataDirectory: Sendable {
    let path: String

    var configurationFile: String { "\(path)/gatehouse.yaml" }
    var keysFile: String { "\(path)/keys/instance.keys" }
    var lockFile: String { "\(path)/run/gatehouse.lock" }
    var commandSocket: String { "\(path)/run/control.sock" }

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
