internal import CLinux
internal import Glibc

/// How many connections wait at a listening socket to be accepted.
public struct ListenQueue: Sendable, Equatable {
    /// How many wait.
    public let depth: Int
    /// How many may wait; with more, connections are refused.
    public let limit: Int

    /// Asks the kernel: sock_diag(7) for unix sockets, which tells more than any file of /proc, TCP_INFO for TCP.
    ///
    /// Some microseconds. Nil where the kernel does not tell, as where its module unix_diag cannot be loaded.
    public init?(of listener: Int32) {
        var (depth, limit): (UInt32, UInt32) = (0, 0)
        // Both are this function's own for the length of the call.
        let result =
            linux_socket_family(listener) == AF_UNIX
            ? unsafe linux_unix_queue(listener, &depth, &limit) : unsafe linux_tcp_queue(listener, &depth, &limit)
        guard result == 0 else { return nil }
        self.init(depth: Int(depth), limit: Int(limit))
    }

    /// Gives numbers that were found out elsewhere.
    public init(depth: Int, limit: Int) {
        self.depth = depth
        self.limit = limit
    }
}
