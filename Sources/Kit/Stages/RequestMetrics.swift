internal import HTTPPipeline
public import Observability

/// Requests by route and status, with how long they took and how long they had waited before.
///
/// A label has the pattern of the route, never a path.
public struct RequestMetrics: Sendable {
    /// What a request of no route is counted as: nothing was found, or nothing with that method.
    private static let noRoute = (method: "other", pattern: "none")
    /// The statuses that are told apart; others are counted as 0.
    private static let statuses = [
        0, 200, 201, 202, 204, 294, 304, 400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 429, 431, 500,
        502, 503, 504,
    ]
    private static let milliseconds: Int64 = 1_000_000
    private static let durationBounds: [Int64] = [
        100_000, 250_000, 500_000, 1 * milliseconds, 2_500_000, 5 * milliseconds, 10 * milliseconds, 25 * milliseconds,
        50 * milliseconds, 100 * milliseconds, 250 * milliseconds, 500 * milliseconds, 1000 * milliseconds,
        2500 * milliseconds, 5000 * milliseconds, 10_000 * milliseconds,
    ]
    /// The web server tells when it got a request in milliseconds.
    private static let queueBounds: [Int64] = [
        1 * milliseconds, 2 * milliseconds, 5 * milliseconds, 10 * milliseconds, 25 * milliseconds, 50 * milliseconds,
        100 * milliseconds, 250 * milliseconds, 500 * milliseconds, 1000 * milliseconds, 2500 * milliseconds,
        5000 * milliseconds, 10_000 * milliseconds,
    ]

    /// The name of the histograms of how long requests took, for who reads them.
    public static func durationName(prefix: String) -> String { "\(prefix)_request_duration_seconds" }

    /// The name of the histograms of how long requests had waited before.
    public static func queueName(prefix: String) -> String { "\(prefix)_request_queue_seconds" }

    private let requests: CounterFamily
    private let durations: HistogramFamily
    private let queueTimes: HistogramFamily
    /// The place of each status among those that are told apart.
    private let statusPlaces: [UInt8]
    private let routeCount: Int
    private let refusals: CounterFamily
    private let limits: [String]

    /// Registers the families under names that begin with `prefix`: `shop_requests_total` and so on.
    ///
    /// - Parameters:
    ///   - registry: where they are registered.
    ///   - prefix: what each name begins with.
    ///   - routes: all routes by number.
    ///   - limits: the names of all limits.
    public init(
        _ registry: MetricRegistry,
        prefix: String,
        routes: [(method: String, pattern: String)],
        limits: [String]
    ) {
        let routes = routes + [Self.noRoute]
        // Asked for once in a process, though each of its threads registers.
        func names() -> [[String]] { routes.map { [$0.method, $0.pattern] } }
        requests = registry.counters(
            "\(prefix)_requests_total",
            "Requests that were answered, by route and status; route none: no route was found.",
            labels: ["method", "route", "status"],
            series: names().flatMap { name in Self.statuses.map { name + ["\($0)"] } }
        )
        durations = registry.histograms(
            Self.durationName(prefix: prefix),
            "From the whole head of a request to its response, by route.",
            labels: ["method", "route"],
            series: names(),
            bounds: Self.durationBounds
        )
        queueTimes = registry.histograms(
            Self.queueName(prefix: prefix),
            "From the time at which the web server had a request to the time at which a thread took it, by route.",
            labels: ["method", "route"],
            series: names(),
            bounds: Self.queueBounds
        )
        refusals = registry.counters(
            "\(prefix)_limit_refusals_total",
            "Requests that were refused, by the limit that they were over.",
            labels: ["limit"],
            series: limits.map { [$0] }
        )
        self.limits = limits
        var places = [UInt8](repeating: 0, count: 600)
        for (place, status) in Self.statuses.enumerated() { places[status] = UInt8(place) }
        statusPlaces = places
        routeCount = routes.count
    }

    /// Counts a request; times in nanoseconds.
    func count(_ record: ExchangeRecord, _ status: Status, duration: Int64, queue: Int64?) {
        let series = min(record.routeNumber ?? .max, routeCount - 1)
        let place = status.code < statusPlaces.count ? Int(statusPlaces[status.code]) : 0
        requests.add(to: series * Self.statuses.count + place)
        durations.add(nanoseconds: duration, to: series)
        if let queue { queueTimes.add(nanoseconds: queue, to: series) }
        // The one that refused is counted under last.
        if status == .tooManyRequests, let limit = record.quotas.last, let number = limits.firstIndex(of: limit.name) {
            refusals.add(to: number)
        }
    }
}
