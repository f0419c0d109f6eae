internal import JSON
internal import Linux
internal import Observability
internal import Stages

/// How long requests took and had waited, over all workers, as `/status` tells it: since the machine was started, and lately.
final class RequestTimes: Sendable {
    private static let percentiles: [(name: JSONMemberName, part: Double)] = [
        ("p50", 0.5), ("p90", 0.9), ("p99", 0.99),
    ]

    private let registry: MetricRegistry
    private let latency: RecentTimes
    private let queue: RecentTimes

    init(_ registry: MetricRegistry) {
        self.registry = registry
        latency = RecentTimes { registry.distribution(of: RequestMetrics.durationName(prefix: ServiceMetrics.prefix)) }
        queue = RecentTimes { registry.distribution(of: RequestMetrics.queueName(prefix: ServiceMetrics.prefix)) }
    }

    /// Called ten times a second.
    func look() {
        let now = SystemClock.monotonicNanoseconds()
        latency.look(now: now)
        queue.look(now: now)
    }

    func writeMembers(to document: inout JSONWriter) {
        let prefix = ServiceMetrics.prefix
        write(
            "latency_ms",
            registry.distribution(of: RequestMetrics.durationName(prefix: prefix)),
            latency,
            to: &document
        )
        write("queue_ms", registry.distribution(of: RequestMetrics.queueName(prefix: prefix)), queue, to: &document)
    }

    private func write(
        _ name: JSONMemberName,
        _ all: TimeDistribution?,
        _ recent: RecentTimes,
        to document: inout JSONWriter
    ) {
        document.object(name) { members in
            if let all { members.object("since_start") { Self.write(all, to: &$0) } }
            guard let recent = recent.latest(now: SystemClock.monotonicNanoseconds()) else { return }
            members.object("lately") { members in
                members.member("seconds", recent.nanoseconds / 1_000_000_000)
                Self.write(recent.times, to: &members)
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
