import Linux
import Observability

/// An access log whose lines can be read back.
final class LogReader {
    let buffer: LineBuffer
    private let log: LineLog
    private let output: FileDescriptor

    init() throws {
        let pair = try Sockets.pair(kind: .stream)
        log = LineLog(file: pair.first)
        output = pair.second
        buffer = log.makeBuffer()
    }

    /// The lines since the last call, of which there must be one at least.
    func line() throws -> String {
        try log.flush()
        return String(decoding: try output.read(upTo: 1 << 16), as: UTF8.self)
    }
}
