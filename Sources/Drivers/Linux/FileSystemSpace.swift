internal import CLinux
internal import Glibc

/// How much room a file system has, in bytes.
public struct FileSystemSpace: Sendable, Equatable {
    /// What an unprivileged process may still use.
    public let available: Int64
    /// The size of the file system.
    public let total: Int64

    /// Gives sizes that were found out elsewhere.
    public init(available: Int64, total: Int64) {
        self.available = available
        self.total = total
    }

    /// Asks the file system that holds `path`.
    public init(holding path: String) throws(SystemError) {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { throw SystemError.last("statvfs \(path)") }
        self.init(
            available: Int64(clamping: status.f_bavail) * Int64(clamping: status.f_frsize),
            total: Int64(clamping: status.f_blocks) * Int64(clamping: status.f_frsize)
        )
    }
}
