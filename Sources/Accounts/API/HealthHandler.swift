internal import HTTPPipeline
internal import JSON
internal import Services

/// What answers `/health` and what is below it.
struct HealthHandler {
    let health: HealthService

    /// 200 while requests can be served, also with something failing that they can do without; else 503.
    func report(_ call: Call) -> Response { report() }

    /// 200 where requests should be sent here, else 503.
    func ready(_ call: Call) -> Response { ready() }

    /// 200 while the service lives; 503 where only starting it anew helps.
    func live(_ call: Call) -> Response { live() }

    /// The health; where somebody may see them, with details that are made of the given members.
    func report(details: (() -> [UInt8])? = nil) -> Response {
        let report = health.report()
        return response(to: report.status != .unhealthy) { writer in
            guard let details else { return HealthReport.representation.write(report, to: &writer) }
            HealthReport.writeMembers(of: report, details: details(), to: &writer)
        }
    }

    func ready() -> Response {
        let readiness = health.readiness()
        return response(to: readiness == .ready) { ReadinessRepresentation.value.write(readiness, to: &$0) }
    }

    func live() -> Response {
        let isLive = health.isLive()
        return response(to: isLive) { LivenessRepresentation.value.write(isLive, to: &$0) }
    }

    private func response(to isGood: Bool, _ body: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter(capacity: 128)
        body(&writer)
        var response = Response(isGood ? .ok : .serviceUnavailable, contentType: MediaType.json, body: writer.bytes)
        response.add("Cache-Control", "no-store")
        if !isGood { response.add("Retry-After", "1") }
        return response
    }
}
