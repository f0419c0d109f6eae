package import HTTPPipeline
package import Services

/// The way of every request that asks how the pool is, on a thread that must not wait.
///
/// No limits, no authentication and no access log: who watches the service asks every second, and needs an answer just when
/// nothing else gets one. What tells more than the health is for the addresses that the configuration names, and for others
/// does not exist.
package struct StatusPipeline {
    /// What the answers are made of; none of it may block.
    package struct Sources {
        /// How the service is.
        package let health: HealthService
        /// The details of the health, a JSON object.
        package let details: () -> [UInt8]
        /// The state of the whole pool, a JSON object; nil where it is not told.
        package let pool: (() -> [UInt8])?
        /// The metrics, in the text format of Prometheus; nil where there are none.
        package let metrics: (() -> [UInt8])?

        /// Gathers them.
        package init(
            health: HealthService,
            details: @escaping () -> [UInt8],
            pool: (() -> [UInt8])?,
            metrics: (() -> [UInt8])?
        ) {
            self.health = health
            self.details = details
            self.pool = pool
            self.metrics = metrics
        }
    }

    private typealias Answer = () -> Response

    private let answerReader: (Request) throws -> Response
    private let answerOther: (Request) throws -> Response
    private let isReader: (String) -> Bool

    /// Puts the routes together; `isReader` tells whether an address may see more than the health.
    package init(
        _ sources: Sources,
        isReader: @escaping (String) -> Bool,
        makeRequestID: @escaping () -> String
    ) {
        let health = HealthHandler(health: sources.health)
        let open: [(String, Answer)] = [("/health/ready", health.ready), ("/health/live", health.live)]
        var closed: [(String, Answer)] = [("/health", { health.report(details: sources.details) })]
        if let pool = sources.pool { closed.append(("/status", { Self.fresh(MediaType.json, pool()) })) }
        if let metrics = sources.metrics {
            closed.append(("/metrics", { Self.fresh("text/plain; version=0.0.4; charset=utf-8", metrics()) }))
        }
        answerReader = Self.stages(open + closed, makeRequestID)
        answerOther = Self.stages(open + [("/health", { health.report() })], makeRequestID)
        self.isReader = isReader
    }

    /// Answers a request; errors have become responses on the way.
    package func respond(to request: Request) -> Response {
        do {
            return try isReader(request.remoteAddress) ? answerReader(request) : answerOther(request)
        } catch {
            return ErrorBody.envelope.response(for: .fault(String(reflecting: error)), requestID: request.id)
        }
    }

    private static func stages(
        _ routes: [(path: String, answer: Answer)],
        _ makeRequestID: @escaping () -> String
    ) -> (Request) throws -> Response {
        var router = Router<Answer>()
        for route in routes { router.add(.get, route.path, route.answer) }
        let query = QuerySchema()
        let stages = RequestIdentification(makeID: makeRequestID)
            .then(FixedFields([("API-Version", "1")]))
            .then(ErrorRendering(translate: ErrorTable.translate))
            .then(Routing(router))
        return { request in
            try stages.respond(to: request) { routed in
                _ = try query.read(routed.request.query)
                return routed.endpoint()
            }
        }
    }

    private static func fresh(_ type: String, _ body: [UInt8]) -> Response {
        var response = Response(.ok, contentType: type, body: body)
        response.add("Cache-Control", "no-store")
        return response
    }
}
