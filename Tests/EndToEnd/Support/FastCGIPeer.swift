import Linux

/// A peer at the application's own socket, which nginx keeps from the world: it may send anything.
final class FastCGIPeer {
    private let socket: FileDescriptor

    init(_ path: String, within seconds: Int32 = 20) throws {
        socket = try Sockets.connect(path: path)
        try Sockets.setTimeouts(socket, milliseconds: seconds * 1000)
    }

    func send(_ bytes: [UInt8]) throws {
        try socket.writeAll(bytes)
    }

    /// What comes next.
    func read() throws -> [UInt8] {
        try socket.read(upTo: 65_536)
    }

    /// All that comes until the other side closes, whether or not it had read all.
    ///
    /// - Throws: a ``Failure`` when nothing comes in the time that was given.
    func readToEnd() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            do throws(SystemError) {
                let part = try socket.read(upTo: 65_536)
                if part.isEmpty { return bytes }
                bytes += part
            } catch {
                if error.isReset { return bytes }
                throw Failure("the connection was neither answered nor closed (\(error)) after \(bytes.count) bytes")
            }
        }
    }
}

/// Records of FastCGI (specification, section 3.3).
enum FastCGIRecord {
    static let begin: UInt8 = 1
    static let parameters: UInt8 = 4
    static let body: UInt8 = 5

    /// One record of request 1.
    static func bytes(_ type: UInt8, _ content: [UInt8], request: UInt8 = 1) -> [UInt8] {
        let length = content.count
        return [1, type, 0, request, UInt8(length >> 8 & 0xff), UInt8(length & 0xff), 0, 0] + content
    }

    /// The beginning of a request to a responder that shall close the connection after it.
    static let beginning = bytes(begin, [0, 1, 0, 0, 0, 0, 0, 0])

    /// A name and its value, both shorter than 128 bytes.
    static func pair(_ name: String, _ value: String) -> [UInt8] {
        [UInt8(name.utf8.count), UInt8(value.utf8.count)] + Array(name.utf8) + Array(value.utf8)
    }

    /// All parameters of a request, with their end.
    static func head(_ method: String, _ path: String, contentLength: Int = 0) -> [UInt8] {
        let pairs =
            pair("REQUEST_METHOD", method) + pair("REQUEST_URI", path) + pair("QUERY_STRING", "")
            + pair("CONTENT_TYPE", "application/json") + pair("CONTENT_LENGTH", "\(contentLength)")
            + pair("REMOTE_ADDR", "127.0.0.1")
        return bytes(parameters, pairs) + bytes(parameters, [])
    }
}

extension SystemError {
    /// True where the peer closed with bytes of ours unread.
    fileprivate var isReset: Bool { errorNumber == 104 }
}
