internal import JSON
internal import Linux
public import Logging

/// The process's own events as JSON lines on standard error, one write a line.
public struct JSONLogHandler: LogHandler {
    /// What every line of this logger carries.
    public var metadata: Logger.Metadata = [:]
    /// Lines below this level are left out.
    public var logLevel: Logger.Level = .info
    private let process: String

    /// Makes a handler; `process` tells which of the processes speaks: `supervisor`, `worker`.
    public init(process: String) {
        self.process = process
    }

    /// Reads or sets one value that every line carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var writer = JSONWriter(capacity: 256)
        writer.object { line in
            line.member("ts", timestamp: SystemClock.realtimeMicroseconds())
            line.member("level", event.level.rawValue)
            line.member("process", process)
            line.member("pid", Int(ThisProcess.id))
            line.member("message", event.message.description)
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            for (key, value) in all.sorted(by: { $0.key < $1.key }) {
                line.member(escaping: key, value.description)
            }
        }
        writer.newline()
        StandardError.write(writer.bytes)
    }
}
