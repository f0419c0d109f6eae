internal import CLinux
internal import Glibc

/// A call to the kernel that failed.
///
/// `errorNumber` is the `errno` of the call; the description names the call and says the reason in words.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    /// What was called, and on what, for people: `open /var/lib/gatehouse/gatehouse.db`.
    public let operation: String
    /// The `errno` after the call.
    public let errorNumber: Int32

    /// Describes a failed call by its name and its `errno`.
    public init(_ operation: String, errorNumber: Int32) {
        self.operation = operation
        self.errorNumber = errorNumber
    }

    /// Takes the `errno` that the last failed call of this thread left.
    static func last(_ operation: String) -> SystemError {
        SystemError(operation, errorNumber: linux_errno())
    }

    /// Something that was not done in time.
    public static func timedOut(_ operation: String) -> SystemError {
        SystemError(operation, errorNumber: ETIMEDOUT)
    }

    /// The reason in words, without the operation: `No such file or directory`.
    public var reason: String {
        // strerror's text stands in static or thread-local storage and is copied before anything else runs.
        guard let text = unsafe strerror(errorNumber) else { return "error \(errorNumber)" }
        return unsafe String(cString: text)
    }

    /// The operation and its reason.
    public var description: String { "\(operation): \(reason)" }

    /// True for "no such file or directory".
    public var isMissing: Bool { errorNumber == ENOENT }
    /// True for "permission denied".
    public var isForbidden: Bool { errorNumber == EACCES || errorNumber == EPERM }
    /// True where what was to be added is there already.
    public var isPresent: Bool { errorNumber == EEXIST }
    /// True where an address is already in use.
    public var isAddressInUse: Bool { errorNumber == EADDRINUSE }
    /// True where the peer closed a connection while bytes for it were unread.
    public var isReset: Bool { errorNumber == ECONNRESET }
    /// True where a call that does not block would have had to wait.
    public var isTemporary: Bool { errorNumber == EAGAIN }
    /// True where nobody is there any more who could read what is written.
    public var isBrokenPipe: Bool { errorNumber == EPIPE }
    /// True where nobody listens at the address.
    public var isRefused: Bool { errorNumber == ECONNREFUSED }
}
