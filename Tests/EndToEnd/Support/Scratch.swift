import Linux
import Synchronization

/// Directories of the tests, with paths short enough for the addresses of unix sockets.
enum Scratch {
    private static let made = Atomic(0)

    static func makeDirectory() throws -> String {
        let number = made.add(1, ordering: .relaxed).newValue
        let path = "/tmp/gh-e2e-\(ThisProcess.id)-\(number)"
        try Files.makeDirectory(path, permissions: 0o755)
        return path
    }

    static func remove(_ path: String) {
        _ = try? Command.run("rm", ["-rf", path])
    }
}
