internal import CLinux
internal import Glibc

/// Who is at the other end of a connection, as the kernel tells it; the peer has no say in it.
public enum Peer: Equatable, Sendable {
    /// A process of this machine, with its ids at the moment when it connected (unix(7), SO_PEERCRED and SO_PEERGROUPS).
    case process(user: UInt32, groups: [UInt32])
    /// A numeric IPv4 or IPv6 address, in its one text form; an IPv4 address in IPv6 clothes as IPv4.
    case address(String)

    /// Asks the kernel; about a microsecond.
    ///
    /// - Throws: where it does not tell, as for a connection that its peer has reset.
    public init(of connection: Int32) throws(SystemError) {
        switch linux_socket_family(connection) {
        case AF_UNIX: self = try Self.process(at: connection)
        default: self = try Self.address(at: connection)
        }
    }

    /// The one text form of a numeric IPv4 or IPv6 address, or nil where the text is none.
    public static func plainAddress(_ text: String) -> String? {
        unsafe addressText { unsafe linux_plain_address(text, $0) }
    }

    private static func process(at connection: Int32) throws(SystemError) -> Peer {
        var user: uid_t = 0
        var group: gid_t = 0
        // Both are this function's own for the length of the call.
        guard unsafe linux_peer_user(connection, &user, &group) == 0 else { throw SystemError.last("SO_PEERCRED") }
        // The kernel fills at most the capacity; one with more groups than that is known by its first group alone.
        let most = 64
        let further = unsafe [gid_t](unsafeUninitializedCapacity: most) { buffer, initialized in
            guard let start = buffer.baseAddress else { return }
            initialized = max(0, Int(unsafe linux_peer_groups(connection, start, Int32(most))))
        }
        return .process(user: user, groups: [group] + further)
    }

    private static func address(at connection: Int32) throws(SystemError) -> Peer {
        guard let text = unsafe addressText({ unsafe linux_peer_address(connection, $0) }) else {
            throw SystemError.last("getpeername")
        }
        return .address(text)
    }

    private static func addressText(_ fill: (UnsafeMutablePointer<CChar>) -> Int32) -> String? {
        // As large as the longest text with its NUL, which the filler writes.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            guard let start = buffer.baseAddress, unsafe fill(start) == 0 else { return nil }
            return unsafe String(cString: start)
        }
    }
}
