import Linux

/// One kept connection to nginx, plain HTTP/1.1 over a unix socket.
final class HTTPConnection {
    private let socket: FileDescriptor
    private var received: [UInt8] = []
    /// True when the server has said, or shown, that it takes no more requests here.
    private(set) var isOver = false

    /// Connects; an answer may take that many seconds.
    init(_ path: String, within seconds: Int32 = 20) throws {
        socket = try Sockets.connect(path: path)
        try Sockets.setTimeouts(socket, milliseconds: seconds * 1000)
    }

    /// Sends a request and reads its response to the last byte.
    ///
    /// - Throws: a ``Failure`` where the response is cut, or none comes.
    func send(_ request: HTTPRequest) throws -> HTTPResponse {
        try socket.writeAll(request.bytes)
        return try response(toHead: request.method == "HEAD")
    }

    /// Sends a request; ``answer(to:)`` reads its response.
    func begin(_ request: HTTPRequest) throws {
        try socket.writeAll(request.bytes)
    }

    /// Whether something has come of the response, or the connection has ended; does not wait.
    func hasAnswer() throws -> Bool {
        let epoll = try Epoll()
        try epoll.add(socket.number, .readable, token: 0)
        return epoll.wait(milliseconds: 0) != nil
    }

    /// Reads the response to a request that was begun.
    func answer(to request: HTTPRequest) throws -> HTTPResponse {
        try response(toHead: request.method == "HEAD")
    }

    /// Sends bytes as they are, and reads one response.
    func send(raw bytes: [UInt8]) throws -> HTTPResponse {
        try socket.writeAll(bytes)
        return try response(toHead: false)
    }

    private func response(toHead: Bool) throws -> HTTPResponse {
        var end = HTTPResponse.endOfHead(in: received)
        while end == nil {
            try receive()
            end = HTTPResponse.endOfHead(in: received)
        }
        var response = try HTTPResponse(head: received.prefix(end ?? 0))
        received.removeFirst((end ?? 0) + 4)
        if response["connection"]?.lowercased() == "close" { isOver = true }
        let hasBody = !toHead && response.status != 204 && response.status != 304
        guard hasBody else { return response }
        guard let length = response["content-length"].flatMap({ Int($0) }) else {
            throw Failure("a response without a length: \(response.status)")
        }
        while received.count < length { try receive() }
        response.body = Array(received.prefix(length))
        received.removeFirst(length)
        return response
    }

    private func receive() throws {
        let bytes = try socket.read(upTo: 65_536)
        guard bytes.isEmpty else {
            received += bytes
            return
        }
        isOver = true
        throw Failure(received.isEmpty ? "the connection was closed without a response" : "a response was cut")
    }
}

/// A client that connects anew where the server has closed.
final class HTTPClient {
    private let path: String
    private var connection: HTTPConnection?

    init(_ path: String) {
        self.path = path
    }

    func send(_ request: HTTPRequest) throws -> HTTPResponse {
        let connection = try connection ?? HTTPConnection(path)
        self.connection = nil
        let response = try connection.send(request)
        if !connection.isOver { self.connection = connection }
        return response
    }
}
