internal import JSON
internal import Linux
internal import Observability
internal import Stages

/// How long requests took and had waited, over all workers, as `/status` tells it: since the machine was started, and lately.
final class RequestTimes: Sendable {
    private static let percentiles: [(name: JSONMemberName, part: Double)] = [
        ("p50", 0.5), ("p90", 0.9), ("p99", 0.99),
    ]

    /// A family of histograms: under which name it is told, what it has counted, and what lately.
    private struct Series {
        let name: JSONMemberName
        let read: @Sendable () -> TimeDistribution?
        let recent: RecentTimes

        init(_ name: JSONMemberName, _ read: @escaping @Sendable () -> TimeDistribution?) {
            self.name = name
            self.read = read
            recent = RecentTimes(read)
        }
    }

    private let series: [Series]

    init(_ registry: MetricRegistry) {
        let prefix = ServiceMetrics.prefix
        series = [
            Series("latency_ms") { registry.distribution(of: RequestMetrics.durationName(prefix: prefix)) },
            Series("queue_ms") { registry.distribution(of: RequestMetrics.queueName(prefix: prefix)) },
        ]
    }

    /// Called ten times a second.
    func look() {
        let now = SystemClock.monotonicNanoseconds()
        for series in series { series.recent.look(now: now) }
    }

    func writeMembers(to document: inout JSONWriter) {
        for series in series { Self.write(series, to: &document) }
    }

    private static func write(_ series: Series, to document: inout JSONWriter) {
        document.object(series.name) { members in
            if let all = series.read() { members.object("since_start") { write(all, to: &$0) } }
            guard let recent = series.recent.latest(now: SystemClock.monotonicNanoseconds()) else { return }
            members.object("lately") { members in
                members.member("seconds", recent.nanoseconds / 1_000_000_000)
                write(recent.times, to: &members)
            }
        }
    }

    private static func write(_ times: TimeDistribution, to members: inout JSONWriter) {
        members.member("requests", Int(clamping: times.count))
        for (name, part) in percentiles {
            members.member(name, times.percentile(part).map { Double($0 / 1000) / 1000 })
        }
    }
}
