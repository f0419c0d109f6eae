/// How many times fell into which bucket of a histogram, at a moment or between two.
public struct TimeDistribution: Sendable, Equatable {
    /// The upper bounds of the buckets in nanoseconds, rising; one bucket more is beyond them.
    public let bounds: [Int64]
    /// How many times fell into each bucket.
    public private(set) var counts: [UInt64]

    /// Nothing has been counted.
    public init(bounds: [Int64]) {
        self.bounds = bounds
        counts = [UInt64](repeating: 0, count: bounds.count + 1)
    }

    mutating func add(_ number: UInt64, toBucket bucket: Int) { counts[bucket] &+= number }

    /// How many times were counted.
    public var count: UInt64 { counts.reduce(0, &+) }

    /// The time in nanoseconds that this part of all times does not pass, 0.5 for the median; nil where none was counted.
    ///
    /// Within a bucket times are taken as evenly spread, and what is beyond the last bound as lying at it, as
    /// `histogram_quantile` of Prometheus does (https://prometheus.io/docs/prometheus/latest/querying/functions/): the
    /// true value lies in the same bucket.
    public func percentile(_ part: Double) -> Int64? {
        let count = count
        guard count > 0 else { return nil }
        let rank = min(max(part, 0), 1) * Double(count)
        var before: UInt64 = 0
        for (bucket, bound) in bounds.enumerated() {
            let inside = counts[bucket]
            if inside > 0, Double(before + inside) >= rank {
                let lower = bucket == 0 ? 0 : bounds[bucket - 1]
                return lower + Int64(Double(bound - lower) * (rank - Double(before)) / Double(inside))
            }
            before &+= inside
        }
        return bounds.last
    }

    /// What was counted after an earlier look; everything where that was of other memory, which has begun anew since.
    public func since(_ earlier: TimeDistribution) -> TimeDistribution {
        guard earlier.bounds == bounds, zip(counts, earlier.counts).allSatisfy({ $0 >= $1 }) else { return self }
        var difference = self
        for bucket in counts.indices { difference.counts[bucket] -= earlier.counts[bucket] }
        return difference
    }
}
