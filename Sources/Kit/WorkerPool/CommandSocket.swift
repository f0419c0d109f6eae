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

    /// Goes on with the socket of the supervisor before.
    init(path: String, inherited socket: consuming FileDescriptor) {
        self.path = path
        self.socket = socket
    }

    var number: Int32 { socket.number }

    /// Takes the next connection, over which a command is to come.
    func accept(now: Int64) -> CommandConnection? {
        do throws(SystemError) {
            guard let connection = try Sockets.accept(socket) else { return nil }
            // The supervisor waits for nobody.
            try connection.setNonblocking(true)
            return CommandConnection(connection, now: now)
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

/// The connection of somebody who asks, from before the command to the answer.
final class CommandConnection {
    /// When the connection ends where no command has come.
    let deadline: Int64
    private let socket: FileDescriptor

    /// How long a peer may take to say its command.
    private static let patience: Int64 = 1_000_000_000

    init(_ socket: consuming FileDescriptor, now: Int64) {
        self.socket = socket
        deadline = now + Self.patience
    }

    var number: Int32 { socket.number }

    /// What was sent, once the connection is readable; a command comes in one write, perhaps with descriptors.
    func read() -> Sockets.Packet? { try? Sockets.receive(upTo: 256, from: socket) }

    /// The command in the bytes that were sent.
    static func command(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
    }

    func answer(_ text: String) {
        // Whoever asked may have gone; who has not has room for an answer in the socket's buffer.
        try? socket.writeAll(Array("\(text)\n".utf8))
        Sockets.shutdown(socket.number)
    }
}
