internal import FastCGI
internal import Linux
internal import WorkerPool

/// Asks a pool how it is, over its status socket and without nginx.
enum StatusQuery {
    /// The document that `/status` answers, within so many milliseconds.
    ///
    /// - Throws: ``Failure``; `notRunning` where nobody listens, `busy` where no worker answers in time.
    static func document(of directory: DataDirectory, patience: Int32 = 5000) throws -> [UInt8] {
        try directory.checkAccess()
        let answer: [UInt8]
        do throws(SystemError) {
            answer = try exchange(Settings.quietly(directory), patience)
        } catch {
            if error.isMissing || error.isRefused {
                throw Failure(.notRunning, "no gatehouse serves \(directory.path)")
            }
            if error.isTemporary { throw Failure(.busy, "no worker has answered within \(patience / 1000) s") }
            throw error
        }
        guard let output = BufferedExchange.output(of: answer) else {
            throw Failure(.busy, "no worker has answered: the pool starts or ends")
        }
        let text = String(decoding: output, as: UTF8.self)
        guard text.hasPrefix("Status: 200 "), let end = output.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw Failure("the pool does not tell its status: \(text.prefix { !$0.isNewline })")
        }
        return Array(output[end.upperBound...])
    }

    private static func exchange(_ listen: PoolSettings.Listen, _ patience: Int32) throws(SystemError) -> [UInt8] {
        let socket =
            switch listen {
            case .unix(let path, _): try Sockets.connect(path: path)
            case .tcp(let host, let port): try Sockets.connect(host: host, port: port)
            }
        try Sockets.setTimeouts(socket, milliseconds: patience)
        // Without an address: this is no client.
        try socket.writeAll(BufferedExchange.request([("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/status")]))
        return try socket.readAll(limit: 16 << 20)
    }
}

extension Settings {
    /// Where the pool of an instance tells how it is; the default where the configuration cannot be read now, which is
    /// none of the pool's that runs.
    fileprivate static func quietly(_ directory: DataDirectory) -> PoolSettings.Listen {
        let listen = (try? Settings(directory: directory))?.statusListen
        return listen ?? .unix(path: "\(directory.path)/run/status.sock", group: nil)
    }

    private var statusListen: PoolSettings.Listen? { (try? pool)?.statusListen }
}
