internal import HTTPPipeline
internal import JSON
internal import Services

/// What answers `/health`.
struct HealthHandler {
    let health: HealthService

    /// 200 while requests can be served, also with something failing that they can do without; else 503.
    func report(_ call: Call) -> Response {
        let report = health.report()
        let status: Status = report.status == .unhealthy ? .serviceUnavailable : .ok
        var writer = JSONWriter(capacity: 128)
        HealthReport.representation.write(report, to: &writer)
        var response = Response(status, contentType: MediaType.json, body: writer.bytes)
        response.add("Cache-Control", "no-store")
        if status == .serviceUnavailable { response.add("Retry-After", "1") }
        return response
    }
}
