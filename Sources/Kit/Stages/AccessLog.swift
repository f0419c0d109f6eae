internal import HTTPPipeline
internal import JSON
public import Observability

/// One line for each request: JSON, or text for people.
///
/// The line has the route's pattern, and the path as far as it can hold nothing private (``PathForLog``); never the query,
/// header fields or bodies, which hold secrets. For one thread.
public final class AccessLog {
    /// How lines are written.
    public enum Format: String, Sendable, CaseIterable {
        /// One JSON object a line.
        case json
        /// One sentence a line, for people.
        case text
    }

    private let buffer: LineBuffer
    private let format: Format
    private let slow: Int64
    private let onlyProblems: Bool
    private let makeTraceID: () -> String
    private var writer = JSONWriter(capacity: 1024)

    /// Takes the buffer of the thread.
    ///
    /// - Parameters:
    ///   - buffer: where lines go.
    ///   - format: how they are written.
    ///   - slow: from how many nanoseconds on, waiting in the queue included, a line tells all that the request waited for.
    ///   - onlyProblems: leaves out what is neither slow nor a fault.
    ///   - makeTraceID: 32 hexadecimal digits, for requests whose id has another form and that come without a trace.
    public init(
        _ buffer: LineBuffer,
        format: Format = .json,
        slow: Int64 = .max,
        onlyProblems: Bool = false,
        makeTraceID: @escaping () -> String
    ) {
        self.buffer = buffer
        self.format = format
        self.slow = slow
        self.onlyProblems = onlyProblems
        self.makeTraceID = makeTraceID
    }

    func write(_ request: Request, _ response: Response, _ times: ExchangeTimes) {
        let isSlow = times.duration + (times.queue ?? 0) >= slow
        guard !onlyProblems || isSlow || request.record.fault != nil else { return }
        switch format {
        case .json: writeJSON(request, response, times, isSlow)
        case .text: writeText(request, response, times, isSlow)
        }
    }

    // MARK: - JSON

    private func writeJSON(_ request: Request, _ response: Response, _ times: ExchangeTimes, _ isSlow: Bool) {
        let record = request.record
        let waits = times.waits
        writer.removeAll()
        writer.object { line in
            line.member("ts", timestamp: times.begin)
            line.member("level", Self.level(record, isSlow))
            line.member("request_id", request.id)
            line.member("trace_id", traceID(of: request))
            line.member("method", request.method?.rawValue ?? "other")
            if let route = record.route { line.member("route", route) }
            line.member("path") { PathForLog.write(request.path, to: &$0) }
            line.member("status", response.status.code)
            line.member("bytes", response.body.count)
            line.member("duration_us", times.duration / 1000)
            if let queue = times.queue { line.member("queue_us", queue / 1000) }
            if waits.database > 0 { line.member("database_us", waits.database / 1000) }
            line.member("address", request.remoteAddress)
            if let caller = record.caller { line.member("user", caller) }
            if let cache = record.cache { line.member("cache", cache.rawValue) }
            if let code = record.errorCode { line.member("error", code) }
            if isSlow {
                line.object("slow") { slow in
                    slow.member("mostly_for", times.mostlyFor)
                    for cause in RequestWaits.Cause.allCases where waits.nanoseconds(for: cause) > 0 {
                        slow.member(escaping: "\(cause.name)_us", waits.nanoseconds(for: cause) / 1000)
                    }
                    if let statement = waits.slowest {
                        slow.member("statement_count", waits.statements)
                        slow.member("slowest_statement", statement.id)
                        slow.member("slowest_statement_us", statement.nanoseconds / 1000)
                    }
                }
            }
            if let fault = record.fault { line.member("fault", fault) }
        }
        writer.newline()
        buffer.append(writer.bytes)
    }

    private static func level(_ record: ExchangeRecord, _ isSlow: Bool) -> String {
        record.fault != nil ? "error" : isSlow ? "warning" : "info"
    }

    /// The one that the client or a proxy began, else one of our own: the id of the request where it can be one.
    private func traceID(of request: Request) -> String {
        if let field = request.field(.traceparent), let id = TraceContext.traceID(of: field) { return id }
        return TraceContext.isTraceID(request.id) ? request.id : makeTraceID()
    }

    // MARK: - Text

    private func writeText(_ request: Request, _ response: Response, _ times: ExchangeTimes, _ isSlow: Bool) {
        let record = request.record
        var line: [UInt8] = []
        RFC3339.append(microseconds: times.begin, to: &line)
        var text = "  \(Self.level(record, isSlow))  \(request.method?.rawValue ?? "other") "
        writer.removeAll()
        PathForLog.write(request.path, to: &writer)
        // Quoted, with nothing in the quotes that would have to be escaped or could end the line.
        text += String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
        text += "  \(response.status.code)  \(Self.milliseconds(times.duration))"
        if let queue = times.queue { text += "  queue \(Self.milliseconds(queue))" }
        if times.waits.database > 0 { text += "  database \(Self.milliseconds(times.waits.database))" }
        if let cache = record.cache { text += "  cache \(cache.rawValue)" }
        if let code = record.errorCode { text += "  \(code)" }
        if let caller = record.caller { text += "  user \(caller)" }
        text += "  from \(request.remoteAddress)  request \(request.id)"
        let trace = traceID(of: request)
        if trace != request.id { text += "  trace \(trace)" }
        if isSlow {
            text += "  slow: mostly for \(times.mostlyFor)"
            if let statement = times.waits.slowest {
                text += ", slowest statement \(statement.id) \(Self.milliseconds(statement.nanoseconds))"
            }
        }
        line += text.utf8
        if let fault = record.fault {
            writer.removeAll()
            writer.string(fault)
            line += "  fault ".utf8
            line += writer.bytes
        }
        line.append(UInt8(ascii: "\n"))
        buffer.append(line)
    }

    private static func milliseconds(_ nanoseconds: Int64) -> String {
        let microseconds = max(0, nanoseconds) / 1000
        let rest = String(microseconds % 1000)
        return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest + " ms"
    }
}
