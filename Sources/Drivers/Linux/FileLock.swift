internal import CLinux
internal import Glibc

/// An exclusive lock on a file, held while its owner lives, and released by the kernel if the process dies.
public struct FileLock: ~Copyable, Sendable {
    private let file: FileDescriptor

    /// Goes on with a lock that this process took before exec.
    public init(inherited file: consuming FileDescriptor) {
        self.file = file
    }

    /// The number of the descriptor that holds the lock: whoever has it open holds the lock too.
    public var number: Int32 { file.number }

    /// Takes the lock at once, or gives nil where another process holds it.
    ///
    /// The file then holds this process's id, for people.
    public init?(path: String) throws(SystemError) {
        let file = try Files.open(path, .readWrite(permissions: 0o600))
        guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
            if linux_errno() == EWOULDBLOCK { return nil }
            throw SystemError.last("lock \(path)")
        }
        guard ftruncate(file.number, 0) == 0 else { throw SystemError.last("truncate \(path)") }
        try file.writeAll(Array("\(getpid())\n".utf8))
        self.file = file
    }
}
