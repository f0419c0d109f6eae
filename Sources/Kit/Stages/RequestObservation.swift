public import HTTPPipeline
internal import Linux
public import Observability

/// The stage that tells the access log and the metrics of each request, when its response is known.
///
/// It reads the clock twice, for all of them.
public struct RequestObservation: Stage {
    private let log: AccessLog?
    private let metrics: RequestMetrics?
    private let waits: RequestWaits
    private let clock: WallClock

    /// Takes where it is told; for one thread.
    ///
    /// `waits` is what the thread's parts have waited for; it is begun anew with each request.
    public init(log: AccessLog?, metrics: RequestMetrics? = nil, waits: RequestWaits, clock: WallClock) {
        self.log = log
        self.metrics = metrics
        self.waits = waits
        self.clock = clock
    }

    /// Passes the request on and tells what came of it.
    public func respond(to request: Request, next: (Request) throws -> Response) throws -> Response {
        let start = SystemClock.monotonicNanoseconds()
        waits.begin()
        let response = try next(request)
        let duration = SystemClock.monotonicNanoseconds() - start
        let time = clock.microseconds(at: start)
        // Two clocks of one machine, of which the web server's is rounded down to milliseconds and may have been set since.
        let queue = request.receivedAt.map { max(0, time - $0) * 1000 }
        metrics?.count(request.record, response.status, duration: duration, queue: queue)
        log?.write(request, response, ExchangeTimes(begin: time, duration: duration, queue: queue, waits: waits))
        return response
    }
}

/// When a request came, and how long what took.
struct ExchangeTimes {
    /// When a thread took it, in microseconds since 1970-01-01T00:00:00Z.
    let begin: Int64
    /// From then to its response, in nanoseconds.
    let duration: Int64
    /// How long it had waited before, in nanoseconds; nil where nobody knows.
    let queue: Int64?
    /// What it has waited for since.
    let waits: RequestWaits

    /// What most of a slow request was spent on: `queue`, the name of a cause, or `processor` for what is left.
    var mostlyFor: String {
        var most = (name: "processor", time: duration)
        for cause in RequestWaits.Cause.allCases { most.time -= waits.nanoseconds(for: cause) }
        for cause in RequestWaits.Cause.allCases where waits.nanoseconds(for: cause) > most.time {
            most = (cause.name, waits.nanoseconds(for: cause))
        }
        if let queue, queue > most.time { most = ("queue", queue) }
        return most.name
    }
}

extension RequestWaits.Cause {
    /// As the log names it.
    var name: String { phase.name }
}

/// A stage that tells how far the request has come, and does nothing else: it stands before the stage that it names.
///
/// It costs one store into memory. Makes the same context as it takes.
public struct PhaseObservation<Context>: Stage {
    @usableFromInline let waits: RequestWaits
    @usableFromInline let phase: RequestPhase

    init(_ phase: RequestPhase, _ waits: RequestWaits) {
        self.phase = phase
        self.waits = waits
    }

    /// Tells, and passes the request on.
    @inlinable public func respond(to input: Context, next: (Context) throws -> Response) throws -> Response {
        waits.reach(phase)
        return try next(input)
    }
}

/// Where one thread's requests are told, before its routes are known.
public struct RequestObserver {
    private let log: AccessLog?
    private let metrics: (registry: MetricRegistry, prefix: String, limits: [String])?
    private let waits: RequestWaits
    private let clock: WallClock

    /// Gathers what the stage needs.
    ///
    /// - Parameters:
    ///   - log: where lines go; nil for none.
    ///   - metrics: where requests are counted, and what the names of the metrics begin with, and
    ///     the names of all limits; nil for nowhere.
    ///   - waits: what the parts of the thread say that they have waited for.
    ///   - clock: the time of day.
    public init(
        log: AccessLog?,
        metrics: (registry: MetricRegistry, prefix: String, limits: [String])? = nil,
        waits: RequestWaits = RequestWaits(),
        clock: WallClock = WallClock()
    ) {
        self.log = log
        self.metrics = metrics
        self.waits = waits
        self.clock = clock
    }

    /// The stage that tells that a request has come to this phase.
    public func phase<Context>(_ phase: RequestPhase) -> PhaseObservation<Context> { PhaseObservation(phase, waits) }

    /// The stage, for routes by number.
    public func observation(of routes: [(method: String, pattern: String)]) -> RequestObservation {
        RequestObservation(
            log: log,
            metrics: metrics.map { RequestMetrics($0.registry, prefix: $0.prefix, routes: routes, limits: $0.limits) },
            waits: waits,
            clock: clock
        )
    }
}
