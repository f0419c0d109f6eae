import JSON
import Linux
import Observability
import Testing

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

    /// The next line as text, without the line feed; there must be exactly one.
    func line() throws -> String {
        try log.flush()
        let text = try output.read(upTo: 1 << 16).text
        #expect(text.hasSuffix("\n"))
        #expect(text.utf8.count { $0 == 10 } == 1)
        return String(text.dropLast())
    }

    /// All lines since the last call.
    func lines() throws -> [String] {
        try log.flush()
        return try output.read(upTo: 1 << 16).text.split(separator: "\n").map(String.init)
    }

    /// The members of the next line.
    func members() throws -> JSONObject {
        let line = try line()
        guard case .object(let members) = try JSONReader.read(Array(line.utf8)) else {
            Issue.record("no object: \(line)")
            return JSONObject()
        }
        return members
    }
}
