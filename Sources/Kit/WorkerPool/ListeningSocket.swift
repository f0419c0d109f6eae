internal import Linux

/// The socket on which all workers of all generations accept.
enum ListeningSocket {
    /// Takes over an inherited listening socket, or makes the configured one; it does not block.
    ///
    /// Inherited is one that systemd passes (LISTEN_FDS: descriptor 3, for this process), or a listening socket on
    /// descriptor 0, the convention of FastCGI (specification, section 2.2).
    static func make(_ settings: PoolSettings, environment: [String]) throws(SystemError) -> FileDescriptor {
        let socket = if let passed = inherited(environment) { passed } else { try made(settings) }
        try socket.setNonblocking(true)
        try socket.setCloseOnExec(true)
        return socket
    }

    private static func inherited(_ environment: [String]) -> FileDescriptor? {
        if environment.contains("LISTEN_PID=\(ThisProcess.id)"), environment.contains("LISTEN_FDS=1"),
            Sockets.isListening(3)
        {
            return FileDescriptor(owning: 3)
        }
        if Sockets.isListening(0) { return FileDescriptor(owning: 0) }
        return nil
    }

    private static func made(_ settings: PoolSettings) throws(SystemError) -> FileDescriptor {
        switch settings.listen {
        case .unix(let path, let group):
            let socket = try Sockets.listen(path: path, permissions: 0o660, backlog: settings.backlog)
            if let group { try Files.setGroup(path, group) }
            return socket
        case .tcp(let host, let port):
            return try Sockets.listen(host: host, port: port, backlog: settings.backlog)
        }
    }
}
