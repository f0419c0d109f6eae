import Linux
import LinuxTestSupport
import Testing

struct PeerTests {
    @Test func `a process at a unix socket is known by its user and its groups`() throws {
        let pair = try Sockets.pair(kind: .stream)
        guard case .process(let user, let groups) = try Peer(of: pair.first.number) else {
            Issue.record("not a process")
            return
        }
        #expect(user == ThisProcess.user)
        #expect(groups.first == ThisProcess.group)
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func `a peer over TCP is known by its address`(host: String) throws {
        let listener = try Sockets.listen(host: host, port: 0, backlog: 8)
        // The kernel chose the port and tells it by the socket's inode: field 2 of the line is ADDRESS:PORT.
        let script = """
            inode=$(readlink /proc/\(ThisProcess.id)/fd/\(listener.number) | tr -dc 0-9)
            port=$(awk -v inode=$inode '$10 == inode { sub(".*:", "", $2); print $2 }' /proc/net/tcp /proc/net/tcp6)
            bash -c "exec 3<>/dev/tcp/\(host)/$((0x$port))"
            """
        #expect(try Shell.run(script).end == .exited(0))
        let connection = try Sockets.accept(listener)
        guard let connection else {
            Issue.record("nobody connected")
            return
        }
        #expect(try Peer(of: connection.number) == .address(host))
    }

    @Test func `what is no socket has no peer`() {
        #expect(throws: SystemError.self) { try Peer(of: -1) }
    }

    @Test(
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("2001:DB8:0:0::1", "2001:db8::1"), ("::ffff:192.0.2.1", "192.0.2.1"),
            ("localhost", nil), ("1.2.3", nil), ("", nil), ("::1%lo", nil),
        ] as [(String, String?)]
    )
    func `an address has one text form`(text: String, plain: String?) {
        #expect(Peer.plainAddress(text) == plain)
    }
}
