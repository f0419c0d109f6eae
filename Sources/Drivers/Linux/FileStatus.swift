internal import CLinux
internal import Glibc

/// What the file system knows of a file: what it is, whose, and who may use it.
public struct FileStatus: Sendable, Equatable {
    /// What a path names.
    public enum Kind: Sendable {
        /// A file with content.
        case file
        /// A directory.
        case directory
        /// A unix socket.
        case socket
        /// Anything else.
        case other
    }

    /// What the path names, links followed.
    public let kind: Kind
    /// The permissions, the lowest nine bits of the mode.
    public let permissions: UInt32
    /// The number of the user that owns it.
    public let owner: UInt32
    /// The size in bytes, of a file with content.
    public let size: Int64

    /// Gives facts that were found out elsewhere.
    public init(kind: Kind, permissions: UInt32, owner: UInt32, size: Int64 = 0) {
        self.kind = kind
        self.permissions = permissions
        self.owner = owner
        self.size = size
    }

    /// Asks about a path, links followed.
    ///
    /// - Throws: ``SystemError``; `isMissing` where there is nothing, `isForbidden` where a directory on the way may not
    ///   be entered.
    public init(of path: String) throws(SystemError) {
        var status = stat()
        // The path is a NUL-terminated copy, and the structure this function's own, for the length of the call.
        guard unsafe stat(path, &status) == 0 else { throw SystemError.last("look at \(path)") }
        let kind: Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFSOCK: .socket
            default: .other
            }
        self.init(
            kind: kind,
            permissions: status.st_mode & 0o777,
            owner: status.st_uid,
            size: Int64(status.st_size)
        )
    }
}

/// What tells a file from all others that exist at the same time.
public struct FileIdentity: Sendable, Equatable {
    private let device: UInt64
    private let inode: UInt64

    /// Asks about a path, links followed.
    public init(of path: String) throws(SystemError) {
        var status = stat()
        // The path is a NUL-terminated copy, and the structure this function's own, for the length of the call.
        guard unsafe stat(path, &status) == 0 else { throw SystemError.last("look at \(path)") }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

extension Files {
    /// Throws, with the reason, where this process may not list a directory or enter it.
    public static func checkAccess(toDirectory path: String) throws(SystemError) {
        guard unsafe access("\(path)/.", R_OK | X_OK) == 0 else { throw SystemError.last("open \(path)") }
    }
}
