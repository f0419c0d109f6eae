internal import CLinux
internal import Glibc
internal import Linux

/// The file of a segment, opened for itself and, while `isLocked`, locked against others that open it.
///
/// Two locks, both of the open file, so that the kernel gives them up with the last descriptor or mapping:
///
/// - flock, exclusive, from here to ``unlock()``: one process at a time looks at the file, makes it, or adds to it;
/// - a shared lock on the first byte (F_OFD_SETLK), from ``join()`` on: somebody uses the file. Whoever gets it
///   exclusively knows that nobody does. The kernel keeps both kinds apart.
struct SegmentFile: ~Copyable {
    /// Whether a file can be used.
    enum Verdict {
        case new
        case sound(size: Int)
        /// Sound, and made under another boot id: left over, unless somebody uses it.
        case ofOtherBoot(size: Int)
        case untrusted(SharedMemoryError.Distrust)
    }

    let descriptor: FileDescriptor
    private let path: String

    /// Opens the file by name, makes it where it is missing, and locks it.
    static func locked(path: String, until deadline: Deadline) throws(SharedMemoryError) -> SegmentFile {
        while true {
            // O_NONBLOCK: a pipe of this name must not block the open. It means nothing for a regular file.
            let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
            // The path is a NUL-terminated copy for the length of the call; so in every call of this file.
            let number = unsafe linux_open(path, flags, 0o600)
            guard number >= 0 else { throw openError(path) }
            let file = SegmentFile(descriptor: FileDescriptor(owning: number), path: path)
            try file.lock(until: deadline)
            // Another process may have replaced the file between the open and the lock.
            if try file.isNamed() { return file }
        }
    }

    /// Opens a file that another process has handed over, and locks it.
    ///
    /// A lock belongs to the open file, and so do all that share a handed descriptor; hence one of its own.
    static func locked(handed number: Int32, until deadline: Deadline) throws(SharedMemoryError) -> SegmentFile {
        let path = "/proc/self/fd/\(number)"
        let own = unsafe linux_open(path, O_RDWR | O_CLOEXEC, 0)
        guard own >= 0 else { throw .system(SystemError("open \(path)", errorNumber: linux_errno())) }
        let file = SegmentFile(descriptor: FileDescriptor(owning: own), path: path)
        try file.lock(until: deadline)
        return file
    }

    private init(descriptor: consuming FileDescriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    private static func openError(_ path: String) -> SharedMemoryError {
        let number = linux_errno()
        var status = stat()
        let isThere = unsafe lstat(path, &status) == 0
        let kind = status.st_mode & S_IFMT
        if isThere, kind == S_IFLNK { return .untrusted(path: path, .symbolicLink) }
        if isThere, kind != S_IFREG { return .untrusted(path: path, .notRegular) }
        // EACCES also for root: fs.protected_regular, for the file of another in a directory of all.
        if isThere, status.st_uid != geteuid() { return .untrusted(path: path, .otherOwner) }
        return .system(SystemError("open \(path)", errorNumber: number))
    }

    /// Gives the descriptor away.
    consuming func release() -> FileDescriptor { descriptor }

    /// Takes the file's lock; who holds it may have been stopped, so the wait has an end.
    private func lock(until deadline: Deadline) throws(SharedMemoryError) {
        while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
            let number = linux_errno()
            guard number == EWOULDBLOCK || number == EINTR else {
                throw .system(SystemError("lock \(path)", errorNumber: number))
            }
            if SystemClock.monotonicNanoseconds() >= deadline.nanoseconds { throw .openTimeout(path: path) }
            usleep(500)
        }
    }

    /// Lets others open the file.
    func unlock() { flock(descriptor.number, LOCK_UN) }

    /// True where the path still leads to this file.
    private func isNamed() throws(SharedMemoryError) -> Bool {
        let own = try status()
        var named = stat()
        guard unsafe lstat(path, &named) == 0 else { return false }
        return named.st_ino == own.st_ino && named.st_dev == own.st_dev
    }

    private func status() throws(SharedMemoryError) -> stat {
        var status = stat()
        guard unsafe fstat(descriptor.number, &status) == 0 else {
            throw .system(SystemError("fstat \(path)", errorNumber: linux_errno()))
        }
        return status
    }

    /// Judges the file by owner, permissions, size and header.
    func verdict(boot: [UInt8], directory: [UInt8]?) throws(SharedMemoryError) -> Verdict {
        let status = try status()
        guard status.st_mode & S_IFMT == S_IFREG else { return .untrusted(.notRegular) }
        guard status.st_uid == geteuid() else { return .untrusted(.otherOwner) }
        let size = Int(status.st_size)
        // A file that was just made has what the umask left of the permissions.
        if size == 0 { return .new }
        guard status.st_mode & 0o7777 == 0o600 else { return .untrusted(.openToOthers) }
        guard size >= FirstPart.byteCount else { return .untrusted(.truncated) }
        let memory = try MappedMemory(descriptor, offset: 0, count: FirstPart.byteCount)
        guard memory.load(FirstPart.magicOffset) == FirstPart.magic else { return .untrusted(.notSegment) }
        guard memory.load(FirstPart.formatOffset) == FirstPart.format else { return .untrusted(.otherFormat) }
        if let directory {
            let length = memory.load(FirstPart.directoryLengthOffset)
            guard length == UInt64(directory.count),
                memory.bytes(at: FirstPart.directoryOffset, count: directory.count) == directory
            else { return .untrusted(.otherDirectory) }
        }
        guard FirstPart.entries(in: memory, fileSize: size) != nil else {
            let isCut = FirstPart.entries(in: memory, fileSize: .max) != nil
            return .untrusted(isCut ? .truncated : .damaged)
        }
        return memory.bytes(at: FirstPart.bootOffset, count: 16) == boot ? .sound(size: size) : .ofOtherBoot(size: size)
    }

    /// Removes the name where nobody uses the file; false where somebody does.
    ///
    /// Whoever still maps the old file without the lock, such as a debugger, keeps it: it is not cut.
    func removeIfUnused() throws(SharedMemoryError) -> Bool {
        guard linux_lock_open_file(descriptor.number, Int16(F_WRLCK)) == 0 else { return false }
        guard unsafe unlink(path) == 0 else {
            throw .system(SystemError("remove \(path)", errorNumber: linux_errno()))
        }
        return true
    }

    /// Says that the file is in use as long as its descriptor, a copy of it or a mapping made by it is there.
    func join() throws(SharedMemoryError) {
        guard linux_lock_open_file(descriptor.number, Int16(F_RDLCK)) == 0 else {
            throw .system(SystemError("lock \(path)", errorNumber: linux_errno()))
        }
    }

    /// Sets permissions and size of a new file.
    func prepare() throws(SharedMemoryError) {
        guard fchmod(descriptor.number, 0o600) == 0 else {
            throw .system(SystemError("chmod \(path)", errorNumber: linux_errno()))
        }
        try grow(to: FirstPart.byteCount)
    }

    /// Makes the file at least this long, with memory behind every byte.
    ///
    /// Without it a full /dev/shm would be noticed at some later write, by SIGBUS.
    func grow(to size: Int) throws(SharedMemoryError) {
        var result: Int32
        repeat { result = posix_fallocate(descriptor.number, 0, size) } while result == EINTR
        guard result == 0 else { throw .system(SystemError("make room in \(path)", errorNumber: result)) }
    }
}
