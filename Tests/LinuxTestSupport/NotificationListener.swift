internal import Linux

/// A service manager that only listens: it shows what a process under test tells it, by the protocol of sd_notify(3).
public final class NotificationListener {
    /// Nothing came for half a minute.
    public struct Silence: Error {}

    // A process of its own, as the drivers have no use for receiving datagrams.
    private static let script = """
        import socket, sys
        name = sys.argv[1]
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind('\\0' + name[1:] if name.startswith('@') else name)
        print('listening', flush=True)
        while True:
            print(listener.recv(65536).decode().replace('\\n', '|'), flush=True)
        """

    /// What `NOTIFY_SOCKET` is to be.
    public let path: String
    private let directory: TemporaryDirectory
    private let process: Int32
    private let output: FileDescriptor
    private var unread = ""

    /// Listens in a directory of its own, or at a name in none.
    public init(abstract: Bool = false) throws {
        directory = try TemporaryDirectory()
        path = (abstract ? "@" : "") + directory.file("notify.sock")
        try Files.replace(directory.file("listen.py"), with: Array(Self.script.utf8), permissions: 0o600)
        let pair = try Sockets.pair(kind: .stream)
        try Sockets.setTimeouts(pair.first, milliseconds: 30_000)
        let command = "exec python3 '\(directory.file("listen.py"))' '\(path)'"
        process = try Shell.start(command, output: pair.second)
        output = FileDescriptor(owning: pair.first.release())
        while try receive() != "listening" {}
    }

    deinit {
        ChildProcess.send(.kill, to: process)
        _ = try? ChildProcess.wait(for: process)
    }

    /// Waits for the next datagram, whose line feeds come as they were sent.
    public func receive() throws -> String {
        while true {
            if let end = unread.firstIndex(of: "\n") {
                let line = unread[..<end]
                unread = String(unread[unread.index(after: end)...])
                return String(line.map { $0 == "|" ? "\n" : $0 })
            }
            let part = try output.read(upTo: 65_536)
            if part.isEmpty { throw Silence() }
            unread += String(decoding: part, as: UTF8.self)
        }
    }

    /// Waits for the next datagram that begins with these words, and gives it.
    public func receive(_ words: String) throws -> String {
        while true {
            let text = try receive()
            if text.hasPrefix(words) { return text }
        }
    }
}
