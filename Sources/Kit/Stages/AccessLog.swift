public import HTTPPipeline
internal import JSON
internal import Linux
public import Observability

/// The stage that writes one JSON line for each request, when its response is known.
///
/// The line has the route's pattern and the path, never the query, header fields or bodies: those hold secrets.
public struct AccessLog: Stage {
    private let buffer: LineBuffer

    /// Takes the buffer of the thread.
    public init(_ buffer: LineBuffer) {
        self.buffer = buffer
    }

    /// Passes the request on and logs what came of it.
    public func respond(to request: Request, next: (Request) throws -> Response) throws -> Response {
        let start = SystemClock.monotonicNanoseconds()
        let response = try next(request)
        let duration = SystemClock.monotonicNanoseconds() - start
        buffer.append(Self.line(request, response, microseconds: duration / 1000))
        return response
    }

    private static func line(_ request: Request, _ response: Response, microseconds: Int64) -> [UInt8] {
        let record = request.record
        let path = request.path.prefix(512)
        var writer = JSONWriter(capacity: 384)
        writer.object { line in
            line.member("ts", timestamp: SystemClock.realtimeMicroseconds())
            line.member("level", record.fault == nil ? "info" : "error")
            line.member("request_id", request.id)
            line.member("method", request.method?.rawValue ?? "other")
            if let route = record.route { line.member("route", route) }
            line.member("path") { $0.string(utf8: path.span) }
            line.member("status", response.status.code)
            line.member("bytes", response.body.count)
            line.member("duration_us", microseconds)
            line.member("address", request.remoteAddress)
            if let caller = record.caller { line.member("user", caller) }
            if let code = record.errorCode { line.member("error", code) }
            if let fault = record.fault { line.member("fault", fault) }
        }
        writer.newline()
        return writer.bytes
    }
}
