public import Linux

/// Why shared memory did not do what it was asked.
public enum SharedMemoryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A call to the kernel failed; `ENOSPC` where /dev/shm is full.
    case system(SystemError)
    /// The file is not what this program made for this directory, and was left alone.
    case untrusted(path: String, Distrust)
    /// Somebody kept the file locked for opening for longer than the caller would wait.
    case openTimeout(path: String)
    /// A lock did not come free in time; `holder` is the process that has it, 0 where it is not known.
    ///
    /// The holder works for too long, or was stopped: a process that has ended holds nothing.
    case lockTimeout(name: String, holder: Int32)
    /// This thread has the lock already.
    case alreadyHeld(name: String)
    /// The kernel or the memory says something about a lock that cannot be (its `errno`); it was not taken.
    case unusableLock(name: String, errorNumber: Int32)
    /// There is less than was asked for.
    case full(what: String, wanted: Int, available: Int)
    /// The layout of this segment has no such part.
    case noSuchPart(name: String)

    /// What is wrong with a file.
    public enum Distrust: String, Equatable, Sendable {
        /// Its name is a symbolic link.
        case symbolicLink = "is a symbolic link"
        /// It is a directory, a device or a pipe.
        case notRegular = "is no regular file"
        /// It belongs to another user.
        case otherOwner = "belongs to another user"
        /// Others than its owner may use it.
        case openToOthers = "may be used by others than its owner"
        /// It is shorter than it says, or than the first part.
        case truncated = "is too short"
        /// It does not begin as a segment does, or was not made to its end.
        case notSegment = "is no segment"
        /// Its first part is of another format.
        case otherFormat = "has a first part of another format"
        /// It was made for another directory.
        case otherDirectory = "is of another directory"
        /// Its directory of parts contradicts itself.
        case damaged = "has a damaged list of parts"

        /// Whether the file is ours to remove, once nobody uses it.
        var isReplaceable: Bool {
            switch self {
            case .symbolicLink, .notRegular, .otherOwner, .otherDirectory: false
            case .openToOthers, .truncated, .notSegment, .otherFormat, .damaged: true
            }
        }
    }

    /// One line for the log.
    public var description: String {
        switch self {
        case .system(let error): error.description
        case .untrusted(let path, let reason):
            "\(path) \(reason.rawValue); stop what uses it, remove it, and start again"
        case .openTimeout(let path): "\(path) stayed locked by another process that opens it"
        case .lockTimeout(let name, let holder):
            holder == 0 ? "the lock \(name) stayed held" : "process \(holder) kept the lock \(name)"
        case .alreadyHeld(let name): "this thread holds the lock \(name) already"
        case .unusableLock(let name, let number):
            "the lock \(name) cannot be used: \(SystemError("lock", errorNumber: number).reason)"
        case .full(let what, let wanted, let available):
            "no room for \(what): \(wanted) wanted, \(available) available"
        case .noSuchPart(let name): "the segment's layout has no \(name)"
        }
    }
}
