internal import CLinux
internal import Glibc

/// Files and directories by path.
///
/// Every call blocks, and every error names the path.
public enum Files {
    /// How a file is opened.
    public enum Access: Sendable {
        /// For reading.
        case read
        /// For appending; made with the given permissions where it is missing.
        case append(permissions: UInt32)
        /// For reading and writing; made with the given permissions where it is missing.
        case readWrite(permissions: UInt32)
    }

    /// Opens a file.
    public static func open(_ path: String, _ access: Access) throws(SystemError) -> FileDescriptor {
        let number: Int32
        switch access {
        // The path is a NUL-terminated copy for the length of the call; so in every call of this file.
        case .read: number = unsafe linux_open(path, O_RDONLY | O_CLOEXEC, 0)
        case .append(let permissions):
            number = unsafe linux_open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, permissions)
        case .readWrite(let permissions): number = unsafe linux_open(path, O_RDWR | O_CREAT | O_CLOEXEC, permissions)
        }
        guard number >= 0 else { throw SystemError.last("open \(path)") }
        return FileDescriptor(owning: number)
    }

    /// Reads a whole file of at most `limit` bytes.
    public static func read(_ path: String, limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
        let file = try open(path, .read)
        do {
            return try file.readAll(limit: limit)
        } catch {
            throw SystemError("read \(path)", errorNumber: error.errorNumber)
        }
    }

    /// Writes a whole file so that others see either the old content or the new one.
    ///
    /// The file has exactly these permissions, past the process's umask. Any number of threads may replace one path.
    public static func replace(_ path: String, with bytes: [UInt8], permissions: UInt32) throws(SystemError) {
        let temporary = try writeBeside(path, bytes, permissions)
        do throws(SystemError) {
            try rename(temporary, to: path)
        } catch {
            try? remove(temporary)
            throw SystemError("write \(path)", errorNumber: error.errorNumber)
        }
    }

    /// Writes a whole new file; where there is one already, it stays as it is.
    ///
    /// The file appears complete or not at all, also where several processes write it at once.
    public static func create(_ path: String, with bytes: [UInt8], permissions: UInt32) throws(SystemError) {
        let temporary = try writeBeside(path, bytes, permissions)
        defer { unsafe unlink(temporary) }
        guard unsafe link(temporary, path) == 0 || linux_errno() == EEXIST else {
            throw SystemError.last("write \(path)")
        }
    }

    /// Writes a whole file under a name that no other thread or process uses, and gives that name.
    private static func writeBeside(
        _ path: String,
        _ bytes: [UInt8],
        _ permissions: UInt32
    ) throws(SystemError) -> String {
        let temporary = "\(path).\(getpid()).\(pthread_self()).new"
        do throws(SystemError) {
            // What a process of the same number left when it was killed.
            try remove(temporary)
            let number = unsafe linux_open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
            guard number >= 0 else { throw SystemError.last("open") }
            let file = FileDescriptor(owning: number)
            guard fchmod(file.number, permissions) == 0 else { throw SystemError.last("chmod") }
            try file.writeAll(bytes)
            guard fsync(file.number) == 0 else { throw SystemError.last("fsync") }
            return temporary
        } catch {
            unsafe unlink(temporary)
            throw SystemError("write \(path)", errorNumber: error.errorNumber)
        }
    }

    /// Makes a directory and what is missing above it, with these permissions past the process's umask.
    ///
    /// One that is there already stays as it is.
    public static func makeDirectory(_ path: String, permissions: UInt32) throws(SystemError) {
        if unsafe mkdir(path, permissions) == 0 { return try setPermissions(path, permissions) }
        let error = SystemError.last("make the directory \(path)")
        switch error.errorNumber {
        case EEXIST where isDirectory(path): return
        case ENOENT:
            guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw error }
            try makeDirectory(String(path[..<slash]), permissions: permissions)
            try makeDirectory(path, permissions: permissions)
        default: throw error
        }
    }

    /// Removes a file; a missing one is fine.
    public static func remove(_ path: String) throws(SystemError) {
        guard unsafe unlink(path) == 0 || linux_errno() == ENOENT else { throw SystemError.last("remove \(path)") }
    }

    /// Moves a file in place of another in one step.
    public static func rename(_ source: String, to target: String) throws(SystemError) {
        guard unsafe Glibc.rename(source, target) == 0 else { throw SystemError.last("rename \(source) to \(target)") }
    }

    /// Sets the permissions of a file, past the process's umask.
    public static func setPermissions(_ path: String, _ permissions: UInt32) throws(SystemError) {
        guard unsafe chmod(path, permissions) == 0 else { throw SystemError.last("chmod \(path)") }
    }

    /// Gives a file to a group, by the group's name.
    ///
    /// - Throws: `ENOENT` where there is no such group; `EPERM` where this process may not give files to it.
    public static func setGroup(_ path: String, _ group: String) throws(SystemError) {
        guard let id = SystemUsers.id(ofGroup: group) else {
            throw SystemError("find the group \(group)", errorNumber: ENOENT)
        }
        guard unsafe chown(path, uid_t.max, id) == 0 else {
            throw SystemError.last("give \(path) to the group \(group)")
        }
    }

    /// True where the path names a directory.
    public static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// True where the path names anything.
    public static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// The path in absolute form, seen from the working directory, without resolving links.
    public static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let directory = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(directory) }
        let base = unsafe String(cString: directory)
        return path.isEmpty || path == "." ? base : "\(base)/\(path)"
    }

    /// Makes a file without a name that lives in memory, holding `bytes` and read from its start.
    public static func inMemory(_ bytes: [UInt8]) throws(SystemError) -> FileDescriptor {
        let number = unsafe linux_memfd("gatehouse")
        guard number >= 0 else { throw SystemError.last("memfd_create") }
        let file = FileDescriptor(owning: number)
        try file.writeAll(bytes)
        guard lseek(file.number, 0, SEEK_SET) == 0 else { throw SystemError.last("lseek") }
        return file
    }
}
