internal import CLinux
internal import Glibc

/// Stream sockets that listen, accept and connect, and packet pairs between processes.
public enum Sockets {
    /// Listens at a path, replacing a socket file that nobody listens at any more.
    ///
    /// A socket whose maker has ended is replaced too, also where children of that process still hold it, unless
    /// `sparingOrphans` is said: whoever waits there is then not served by the new one.
    ///
    /// The socket is bound under a temporary name, given its permissions, and renamed into place, so that nobody ever
    /// connects to one with wider permissions.
    ///
    /// - Throws: `EADDRINUSE` where another process listens there, or with `sparingOrphans` `isTemporary` where it may be such
    ///   children; `EEXIST` where the path names something else than a socket, `ENAMETOOLONG` past 103 bytes (the
    ///   temporary name has four more).
    public static func listen(
        path: String,
        permissions: UInt32,
        backlog: Int32,
        sparingOrphans: Bool = false
    ) throws(SystemError) -> FileDescriptor {
        let socket = try unixSocket()
        try refuseTaken(path, sparingOrphans)
        let temporary = "\(path).new"
        try removeSocket(temporary)
        guard unsafe linux_unix_bind(socket.number, temporary) == 0 else { throw SystemError.last("bind \(path)") }
        do throws(SystemError) {
            try Files.setPermissions(temporary, permissions)
            guard Glibc.listen(socket.number, backlog) == 0 else { throw SystemError.last("listen at \(path)") }
            try Files.rename(temporary, to: path)
        } catch {
            try? Files.remove(temporary)
            throw error
        }
        return socket
    }

    /// Throws where somebody listens at the path, or where renaming a socket there would destroy another file.
    private static func refuseTaken(_ path: String, _ sparingOrphans: Bool) throws(SystemError) {
        let probe = try unixSocket()
        // A connection to a socket whose queue is full would wait as long as its owner likes.
        try probe.setNonblocking(true)
        if unsafe linux_unix_connect(probe.number, path) == 0 {
            let isOrphaned = makerHasEnded(of: probe)
            if isOrphaned, !sparingOrphans { return }
            throw SystemError("listen at \(path)", errorNumber: isOrphaned ? EAGAIN : EADDRINUSE)
        }
        // Whose queue it is that is full cannot be known.
        if linux_errno() == EAGAIN {
            throw SystemError("listen at \(path)", errorNumber: sparingOrphans ? EAGAIN : EADDRINUSE)
        }
        let refusal = SystemError.last("listen at \(path)")
        if refusal.isMissing { return }
        // The kernel refuses a connection to an ordinary file in the same way as one to a socket without a listener.
        guard refusal.isRefused else { throw refusal }
        guard isSocket(path) else { throw SystemError("listen at \(path)", errorNumber: EEXIST) }
    }

    private static func removeSocket(_ path: String) throws(SystemError) {
        guard isSocket(path) || !Files.exists(path) else { throw SystemError("bind \(path)", errorNumber: EEXIST) }
        try Files.remove(path)
    }

    private static func isSocket(_ path: String) -> Bool {
        var status = stat()
        // The path is a NUL-terminated copy, and the structure this function's own, for the length of the call.
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    /// Listens at a numeric IPv4 or IPv6 address.
    public static func listen(host: String, port: UInt16, backlog: Int32) throws(SystemError) -> FileDescriptor {
        let number = unsafe linux_tcp_socket(host, port, 0)
        if number == -2 { throw SystemError("listen at \(host)", errorNumber: EINVAL) }
        guard number >= 0 else { throw SystemError.last("bind \(host) port \(port)") }
        let socket = FileDescriptor(owning: number)
        guard Glibc.listen(socket.number, backlog) == 0 else { throw SystemError.last("listen at \(host)") }
        return socket
    }

    /// Connects to a socket at a path.
    ///
    /// Where its queue is full, the call waits for room, or throws, `isTemporary`, where it is not to wait; then the connection
    /// does not block either.
    public static func connect(path: String, waits: Bool = true) throws(SystemError) -> FileDescriptor {
        let socket = try unixSocket()
        if !waits { try socket.setNonblocking(true) }
        guard unsafe linux_unix_connect(socket.number, path) == 0 else { throw SystemError.last("connect to \(path)") }
        return socket
    }

    /// Connects to a numeric IPv4 or IPv6 address.
    public static func connect(host: String, port: UInt16) throws(SystemError) -> FileDescriptor {
        let number = unsafe linux_tcp_socket(host, port, 1)
        if number == -2 { throw SystemError("connect to \(host)", errorNumber: EINVAL) }
        guard number >= 0 else { throw SystemError.last("connect to \(host) port \(port)") }
        return FileDescriptor(owning: number)
    }

    /// Takes the next connection of a listening socket, or nil where none waits (the socket does not block).
    ///
    /// Where the connection is a TCP one, small answers leave at once (TCP_NODELAY).
    public static func accept(_ listener: borrowing FileDescriptor) throws(SystemError) -> FileDescriptor? {
        let number = linux_accept(listener.number)
        guard number >= 0 else {
            switch linux_errno() {
            // A connection that its peer gave up while it waited is nobody's fault (accept(2), "Error handling").
            case EAGAIN, EINTR, ECONNABORTED, EPROTO, EPERM: return nil
            default: throw SystemError.last("accept")
            }
        }
        _ = linux_set_no_delay(number)
        return FileDescriptor(owning: number)
    }

    /// The two ends of a connection.
    @frozen
    public struct Pair: ~Copyable {
        /// One end.
        public var first: FileDescriptor
        /// The other end.
        public var second: FileDescriptor
    }

    /// What passes over a pair.
    public enum Kind: Sendable {
        /// Bytes, without bounds (SOCK_STREAM).
        case stream
        /// Messages, whose bounds are kept (SOCK_SEQPACKET).
        case packets
    }

    /// Makes two sockets that are connected with each other.
    public static func pair(kind: Kind) throws(SystemError) -> Pair {
        var numbers: [Int32] = [-1, -1]
        // The array holds the two places that the call fills.
        let result = unsafe numbers.withUnsafeMutableBufferPointer { places in
            unsafe linux_socket_pair(kind == .packets ? 1 : 0, places.baseAddress)
        }
        guard result == 0 else { throw SystemError.last("socketpair") }
        return Pair(first: FileDescriptor(owning: numbers[0]), second: FileDescriptor(owning: numbers[1]))
    }

    /// True where the descriptor is a socket that listens.
    public static func isListening(_ descriptor: Int32) -> Bool { linux_is_listening(descriptor) == 1 }

    /// True where the peer sends no more, though what it sent before may wait to be read.
    public static func isClosedByPeer(_ descriptor: Int32) -> Bool { linux_peer_closed(descriptor) == 1 }

    /// True where the other end of a unix socket is closed altogether: nobody would read an answer.
    ///
    /// Over TCP it becomes true only when the peer has refused something that was sent.
    public static func isAbandonedByPeer(_ descriptor: Int32) -> Bool { linux_peer_gone(descriptor) == 1 }

    /// Ends both directions of a connection, so that a thread blocked on it returns.
    ///
    /// The caller makes sure that the number has not been closed and reused.
    public static func shutdown(_ descriptor: Int32) {
        _ = Glibc.shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Tells the peer that nothing more will be sent; it may go on sending.
    public static func endSending(_ connection: borrowing FileDescriptor) {
        _ = Glibc.shutdown(connection.number, Int32(SHUT_WR))
    }

    /// Throws away what has arrived on a connection, without waiting for more.
    ///
    /// - Returns: the number of bytes, at most `limit`; nil where the peer sends no more.
    public static func discard(from descriptor: Int32, upTo limit: Int) -> Int? {
        // On the stack, for the length of the call.
        unsafe withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            var count = 0
            while count < limit {
                let wanted = min(buffer.count, limit - count)
                let received = unsafe recv(descriptor, buffer.baseAddress, wanted, Int32(MSG_DONTWAIT))
                if received > 0 {
                    count += received
                } else if received < 0, linux_errno() == EAGAIN || linux_errno() == EINTR {
                    return count
                } else {
                    return nil
                }
            }
            return count
        }
    }

    /// Sets how long a blocking read or write of this socket may take.
    public static func setTimeouts(_ socket: borrowing FileDescriptor, milliseconds: Int32) throws(SystemError) {
        guard linux_set_timeouts(socket.number, milliseconds) == 0 else {
            throw SystemError.last("set socket timeouts")
        }
    }

    /// Whether the process that called listen on the other end is no more; false where that cannot be known.
    private static func makerHasEnded(of connection: borrowing FileDescriptor) -> Bool {
        let maker = linux_peer_process(connection.number)
        guard maker > 0 else { return false }
        if kill(maker, 0) < 0 { return linux_errno() == ESRCH }
        // Whose parent has not waited for it yet has ended too.
        return ProcessFacts(of: maker)?.arguments.isEmpty == true
    }

    private static func unixSocket() throws(SystemError) -> FileDescriptor {
        let number = linux_unix_socket()
        guard number >= 0 else { throw SystemError.last("socket") }
        return FileDescriptor(owning: number)
    }
}
