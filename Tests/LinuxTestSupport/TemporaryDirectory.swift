internal import Linux
internal import Synchronization

/// A directory of one test, removed with all that is in it.
public final class TemporaryDirectory: Sendable {
    private static let made = Atomic(0)

    /// Its absolute path, short enough for sockets.
    public let path: String

    /// Makes an empty directory under /tmp.
    public init() throws {
        let number = Self.made.wrappingAdd(1, ordering: .relaxed).newValue
        path = "/tmp/gatehouse-test.\(ThisProcess.id).\(number)"
        _ = try Shell.run("rm -rf '\(path)'")
        try Files.makeDirectory(path, permissions: 0o755)
    }

    deinit {
        _ = try? Shell.run("rm -rf '\(path)'")
    }

    /// The path of a file in the directory.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The permissions of a file in octal digits, as stat(1) shows them.
    public func permissions(of name: String) throws -> String {
        try Shell.run("stat -c %a '\(file(name))'").output
    }

    /// The names of what is in the directory, sorted.
    public func names() throws -> [String] {
        try Shell.run("ls -A '\(path)'").output.split(separator: "\n").map(String.init)
    }
}
