internal import JSON
internal import Linux
public import Logging

/// The process's own events on standard error, one write a line: as JSON, or as text for people.
public struct EventLogHandler: LogHandler {
    /// How lines are written.
    public enum Format: Sendable {
        /// One JSON object a line.
        case json
        /// One sentence a line, for people.
        case text
    }

    /// What every line of this logger carries.
    public var metadata: Logger.Metadata = [:]
    /// Lines below this level are left out.
    public var logLevel: Logger.Level = .info
    private let process: String
    private let format: Format

    /// Makes a handler; `process` tells which of the processes speaks: `supervisor`, `worker`.
    public init(process: String, format: Format = .json) {
        self.process = process
        self.format = format
    }

    /// Reads or sets one value that every line carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        var writer = JSONWriter(capacity: 256)
        switch format {
        case .json:
            writer.object { line in
                line.member("ts", timestamp: SystemClock.realtimeMicroseconds())
                line.member("level", event.level.rawValue)
                line.member("process", process)
                line.member("pid", Int(ThisProcess.id))
                line.member("message", event.message.description)
                for (key, value) in all { line.member(escaping: key, value.description) }
            }
            writer.newline()
            StandardError.write(writer.bytes)
        case .text:
            var line: [UInt8] = []
            RFC3339.append(microseconds: SystemClock.realtimeMicroseconds(), to: &line)
            line += "  \(event.level.rawValue)  \(process) \(ThisProcess.id)  \(event.message)".utf8
            for (key, value) in all {
                line += "  \(key) ".utf8
                // In quotes, so that no value ends the line.
                writer.removeAll()
                writer.string(value.description)
                line += writer.bytes
            }
            line.append(UInt8(ascii: "\n"))
            StandardError.write(line)
        }
    }
}
