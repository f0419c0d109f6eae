internal import Domain
internal import HTTPPipeline
internal import Observability

extension RequestOrigin {
    /// From where a request came.
    ///
    /// The trace is the client's where it sent a valid one; else the id of the request is that of the trace, as in the log.
    init(_ request: Request) {
        let sent = request.field(.traceparent)
        let trace =
            if let sent, TraceContext.traceID(of: sent) != nil {
                sent
            } else {
                TraceContext.isTraceID(request.id) ? "00-\(request.id)-\(request.id.suffix(16))-00" : nil as String?
            }
        self.init(address: request.remoteAddress, requestID: request.id, traceparent: trace)
    }
}
