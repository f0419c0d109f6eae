public import Linux

/// The socket over which operators' commands reach the supervisor; only its own user may connect.
///
/// A command is one line; the answer is text that begins with `ok:` or `error:` and ends with the connection.
public final class CommandSocket {
    private let socket: FileDescriptor
    private let path: String

    init(path: String) throws(SystemError) {
        self.path = path
        socket = try Sockets.listen(path: path, permissions: 0o600, backlog: 16)
        try socket.setNonblocking(true)
    }

    var number: Int32 { socket.number }

    /// Takes the next command; a peer that says nothing within 100 ms is turned away.
    func accept() -> CommandConnection? {
        do throws(SystemError) {
            guard let connection = try Sockets.accept(socket) else { return nil }
            try Sockets.setTimeouts(connection, milliseconds: 100)
            let line = String(decoding: try connection.read(upTo: 256), as: UTF8.self)
            return CommandConnection(connection, command: line.split(separator: "\n").first.map(String.init) ?? "")
        } catch {
            return nil
        }
    }

    func remove() {
        try? Files.remove(path)
    }

    /// Sends a command to the supervisor that listens at `path` and gives its answer.
    ///
    /// - Throws: ``SystemError``; `isMissing` or `isRefused` where no supervisor runs.
    public static func send(_ command: String, to path: String) throws(SystemError) -> String {
        let socket = try Sockets.connect(path: path)
        try socket.writeAll(Array("\(command)\n".utf8))
        return String(decoding: try socket.readAll(limit: 1 << 20), as: UTF8.self)
    }
}

/// A command that waits for its answer.
final class CommandConnection {
    let command: String
    private let socket: FileDescriptor

    init(_ socket: consuming FileDescriptor, command: String) {
        self.socket = socket
        self.command = command
    }

    func answer(_ text: String) {
        // Whoever asked may have gone.
        try? socket.writeAll(Array("\(text)\n".utf8))
        Sockets.shutdown(socket.number)
    }
}
