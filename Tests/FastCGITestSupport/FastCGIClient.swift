public import Linux

/// A web server's end of a FastCGI connection.
public final class FastCGIClient {
    private let socket: FileDescriptor
    private var received: [UInt8] = []

    /// Takes a connection over; none of its reads waits for more than ten seconds.
    public init(_ socket: consuming FileDescriptor) throws(SystemError) {
        try Sockets.setTimeouts(socket, milliseconds: 10_000)
        self.socket = socket
    }

    /// Connects to a pool at a path.
    public convenience init(path: String) throws(SystemError) {
        try self.init(try Sockets.connect(path: path))
    }

    /// Sends bytes.
    public func send(_ bytes: [UInt8]) throws(SystemError) {
        try socket.writeAll(bytes)
    }

    /// Waits for the next answer; nil where the connection ends first.
    public func receive() throws(SystemError) -> FastCGIAnswer? {
        while true {
            if let answer = FastCGIAnswer.take(from: &received) { return answer }
            let part = try socket.read(upTo: 65_536)
            if part.isEmpty { return nil }
            received += part
        }
    }

    /// Sends a request and waits for its answer.
    public func exchange(_ request: [UInt8]) throws(SystemError) -> FastCGIAnswer? {
        try send(request)
        return try receive()
    }

    /// Whether the peer has said behind its answer that the connection is not to be used again, as a web server that
    /// keeps connections finds out: by bytes behind END_REQUEST.
    public var isTold: Bool { received == FastCGIRecord.farewell }

    /// Waits for the end of the connection; false where bytes come instead, but for those of ``isTold``.
    public func isClosed() throws(SystemError) -> Bool {
        if isTold { received = [] }
        guard received.isEmpty else { return false }
        do throws(SystemError) {
            return try socket.read(upTo: 1).isEmpty
        } catch {
            // The peer closed while bytes of ours were still unread.
            if error.isReset { return true }
            throw error
        }
    }

    /// Ends both directions.
    public func close() {
        Sockets.shutdown(socket.number)
    }
}
