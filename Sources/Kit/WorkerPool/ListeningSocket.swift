internal import Linux

/// The sockets on which all workers of all generations accept.
enum ListeningSocket {
    /// Takes over an inherited listening socket, or makes the configured one; it does not block.
    ///
    /// Inherited is the first that systemd passes (LISTEN_FDS: descriptor 3, for this process), or a listening socket on
    /// descriptor 0, the convention of FastCGI (specification, section 2.2).
    ///
    /// - Throws: ``SystemError``; `isTemporary`, over TCP `isAddressInUse`, where workers of a supervisor that was killed may
    ///   hold the address and they are to be spared.
    static func make(
        _ settings: PoolSettings,
        environment: [String],
        sparingOrphans: Bool
    ) throws(SystemError) -> FileDescriptor {
        let socket = if let socket = passed(environment, 0) { Optional(socket) } else { inheritedAsInput() }
        return try made(socket, settings.listen, backlog: settings.backlog, sparingOrphans)
    }

    /// The same for the socket on which the pool tells how it is: the second that systemd passes; nil where none is
    /// configured.
    static func makeForStatus(
        _ settings: PoolSettings,
        environment: [String]
    ) throws(SystemError) -> FileDescriptor? {
        guard let listen = settings.statusListen else { return nil }
        return try made(passed(environment, 1), listen, backlog: 128, false)
    }

    private static func made(
        _ inherited: consuming FileDescriptor?,
        _ listen: PoolSettings.Listen,
        backlog: Int32,
        _ sparingOrphans: Bool
    ) throws(SystemError) -> FileDescriptor {
        let socket = if let inherited { inherited } else { try made(listen, backlog: backlog, sparingOrphans) }
        try socket.setNonblocking(true)
        try socket.setCloseOnExec(true)
        return socket
    }

    /// The socket of this number that systemd passes, where it passes so many (sd_listen_fds(3)).
    private static func passed(_ environment: [String], _ index: Int32) -> FileDescriptor? {
        guard environment.contains("LISTEN_PID=\(ThisProcess.id)"),
            let count = environment.first(where: { $0.hasPrefix("LISTEN_FDS=") }).flatMap({ Int32($0.dropFirst(11)) }),
            index < count, Sockets.isListening(3 + index)
        else { return nil }
        return FileDescriptor(owning: 3 + index)
    }

    private static func inheritedAsInput() -> FileDescriptor? {
        Sockets.isListening(0) ? FileDescriptor(owning: 0) : nil
    }

    private static func made(
        _ listen: PoolSettings.Listen,
        backlog: Int32,
        _ sparingOrphans: Bool
    ) throws(SystemError) -> FileDescriptor {
        switch listen {
        case .unix(let path, let group):
            let socket = try Sockets.listen(
                path: path,
                permissions: 0o660,
                backlog: backlog,
                sparingOrphans: sparingOrphans
            )
            if let group { try Files.setGroup(path, group) }
            return socket
        case .tcp(let host, let port):
            return try Sockets.listen(host: host, port: port, backlog: backlog)
        }
    }
}
