internal import CLinux
internal import Glibc

/// An epoll set, in which any number of threads may wait at once.
public struct Epoll: ~Copyable, Sendable {
    private let set: FileDescriptor

    /// What a descriptor is watched for.
    public enum Interest: Sendable {
        /// Readable, reported as long as it is so.
        case readable
        /// Readable, waking one of the sets (processes) that watch the same descriptor (EPOLLEXCLUSIVE).
        case readableExclusive
        /// Readable or closed by the peer, reported once, then silent until re-armed.
        case readableOnce
        /// More to read, or closed by the peer, reported when it happens (EPOLLET), and once for what there is already.
        case news
        /// Room for more to be written, reported as long as there is.
        case writable

        fileprivate var events: UInt32 {
            switch self {
            case .readable: EPOLLIN.rawValue
            case .readableExclusive: EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue
            case .readableOnce: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLONESHOT.rawValue
            case .news: EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
            case .writable: EPOLLOUT.rawValue
            }
        }
    }

    /// The set's own descriptor, which is readable while an event waits: one set can be watched by another.
    public var number: Int32 { self.set.number }

    /// Makes an empty set.
    public init() throws(SystemError) {
        let number = linux_epoll_create()
        guard number >= 0 else { throw SystemError.last("epoll_create1") }
        set = FileDescriptor(owning: number)
    }

    /// Adds a descriptor; `token` comes back with its events.
    public func add(_ descriptor: Int32, _ interest: Interest, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, descriptor, interest.events, token)
    }

    /// Arms a descriptor again after `.readableOnce` reported it.
    public func rearm(_ descriptor: Int32, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, descriptor, Interest.readableOnce.events, token)
    }

    /// Takes a descriptor out; one that is not in the set is fine.
    public func remove(_ descriptor: Int32) {
        _ = linux_epoll_control(set.number, EPOLL_CTL_DEL, descriptor, 0, 0)
    }

    /// Waits for one event and gives its token, or nil when the time is over or a signal came.
    ///
    /// One event a call, so that a thread never holds an event which another thread could serve.
    ///
    /// - Parameter milliseconds: how long to wait; nil waits without limit.
    /// - Returns: the token of the event.
    public func wait(milliseconds: Int32?) -> UInt64? {
        var events: UInt32 = 0
        var token: UInt64 = 0
        // Both are this function's own for the length of the call.
        let count = unsafe linux_epoll_wait_one(set.number, milliseconds ?? -1, &events, &token)
        return count == 1 ? token : nil
    }

    /// True where an event waits that nobody has taken yet.
    public var hasEvent: Bool { linux_epoll_has_event(set.number) == 1 }

    private func control(_ operation: Int32, _ fd: Int32, _ events: UInt32, _ token: UInt64) throws(SystemError) {
        guard linux_epoll_control(set.number, operation, fd, events, token) == 0 else {
            throw SystemError.last("epoll_ctl")
        }
    }
}
