public import SharedMemory
internal import Synchronization

/// The metrics of a program: families of counters and histograms, counted in memory that all processes share.
///
/// A family is registered once in each process, before it is counted; counting takes no lock and never waits. What a
/// process has counted stays when it ends, however it ends, and the next one counts on. For any thread.
///
///     let hits = registry.counters("shop_orders_total", "Orders.", labels: ["state"], series: [["new"], ["paid"]])
///     hits.add(to: 1)
///
/// The values of labels are fixed when a family is registered, so that nothing a client sends can make series.
public final class MetricRegistry: Sendable {
    /// Where it stands in a layout.
    public struct Parts: Sendable {
        let directory: MetricDirectory.Parts
        let counters: CountersPart

        /// Adds the parts, some 2 MiB.
        ///
        /// - Throws: `SharedMemoryError.full`.
        public init(in layout: inout SegmentLayout) throws(SharedMemoryError) {
            directory = try MetricDirectory.Parts(in: &layout)
            counters = try layout.addCounters("metrics", count: MetricDirectory.space)
        }
    }

    private let directory: MetricDirectory
    private let counters: SharedCounters
    private let families = Mutex<[String: Family]>([:])

    private struct Family {
        let name: String
        let help: String
        let labels: [String]
        let series: [[String]]
        let shape: Shape
        let places: [Int]
    }

    private enum Shape {
        case counter
        case summary
        /// Upper bounds in nanoseconds.
        case histogram([Int64])

        /// How many counters a series has.
        var count: Int {
            switch self {
            case .counter: 1
            // The count and the sum.
            case .summary: 2
            // One for each bound, one for what is beyond, and the sum.
            case .histogram(let bounds): bounds.count + 2
            }
        }
    }

    /// Opens the metrics of a segment; throws `SharedMemoryError.noSuchPart` for parts of another layout.
    public init(_ segment: SharedSegment, _ parts: Parts) throws(SharedMemoryError) {
        directory = try MetricDirectory(segment, parts.directory)
        counters = try segment.counters(parts.counters)
    }

    // MARK: - Families

    /// Registers counters, one for each element of `series`: the values of `labels`, in order.
    ///
    /// Registered again under the same name, it is the same family, and `series` is not asked for. Series that were never counted are not shown where
    /// there are labels.
    public func counters(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        series: @autoclosure () -> [[String]] = [[]]
    ) -> CounterFamily {
        CounterFamily(counters: counters, places: places(name, help, labels, series(), .counter))
    }

    /// Registers sums of times with their counts.
    public func timers(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        series: @autoclosure () -> [[String]] = [[]]
    ) -> TimerFamily {
        TimerFamily(counters: counters, places: places(name, help, labels, series(), .summary))
    }

    /// Registers histograms of times; `bounds` are the upper bounds of the buckets in nanoseconds, rising.
    public func histograms(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        series: @autoclosure () -> [[String]] = [[]],
        bounds: [Int64]
    ) -> HistogramFamily {
        HistogramFamily(
            counters: counters,
            bounds: bounds,
            places: places(name, help, labels, series(), .histogram(bounds))
        )
    }

    private func places(
        _ name: String,
        _ help: String,
        _ labels: [String],
        _ series: @autoclosure () -> [[String]],
        _ shape: Shape
    ) -> [Int] {
        families.withLock { families in
            if let known = families[name] { return known.places }
            let series = series()
            let places = series.map { values in
                let text = ([name] + zip(labels, values).map { "\($0)=\($1)" }).joined(separator: "\n")
                return directory.firstCounter(of: text, count: shape.count) ?? -1
            }
            let family = Family(
                name: name,
                help: help,
                labels: labels,
                series: series,
                shape: shape,
                places: places
            )
            families[name] = family
            return places
        }
    }

    // MARK: - Reading

    /// What all processes have counted in a family of histograms, all its series together; nil where this process has
    /// registered none of that name.
    public func distribution(of name: String) -> TimeDistribution? {
        guard let family = families.withLock({ $0[name] }), case .histogram(let bounds) = family.shape else {
            return nil
        }
        var times = TimeDistribution(bounds: bounds)
        for place in family.places where place >= 0 {
            for bucket in 0...bounds.count { times.add(counters.total(of: place + bucket), toBucket: bucket) }
        }
        return times
    }

    // MARK: - Text

    /// Writes all families that this process has registered, with what all processes have counted; by name.
    public func write(to text: inout MetricsText) {
        let families = families.withLock { $0.values.sorted { $0.name < $1.name } }
        let totals = counters.totals(ofFirst: directory.used)
        for family in families { Self.write(family, totals, to: &text) }
        let lost = families.reduce(0) { $0 + $1.places.count { $0 < 0 } }
        text.gauge(
            "metrics_series_without_room",
            "Series that are not counted because the shared memory has no room for them.",
            UInt64(lost)
        )
    }

    private static func write(_ family: Family, _ totals: [UInt64], to text: inout MetricsText) {
        switch family.shape {
        case .counter: text.family(family.name, .counter, family.help)
        case .summary: text.family(family.name, .summary, family.help)
        case .histogram: text.family(family.name, .histogram, family.help)
        }
        for (values, place) in zip(family.series, family.places) where place >= 0 {
            let labels = zip(family.labels, values).map { (name: $0, value: $1) }
            let numbers = totals[place..<(place + family.shape.count)]
            guard labels.isEmpty || numbers.contains(where: { $0 != 0 }) else { continue }
            switch family.shape {
            case .counter: text.sample(family.name, labels, totals[place])
            case .summary:
                text.sample(family.name + "_sum", labels, seconds(totals[place + 1]))
                text.sample(family.name + "_count", labels, totals[place])
            case .histogram(let bounds):
                var count: UInt64 = 0
                for (index, bound) in bounds.enumerated() {
                    count &+= totals[place + index]
                    text.sample(family.name + "_bucket", labels + [("le", "\(Double(bound) / 1e9)")], count)
                }
                count &+= totals[place + bounds.count]
                text.sample(family.name + "_bucket", labels + [("le", "+Inf")], count)
                text.sample(family.name + "_sum", labels, seconds(totals[place + bounds.count + 1]))
                text.sample(family.name + "_count", labels, count)
            }
        }
    }

    private static func seconds(_ nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e9 }
}

/// Counters with a name, told apart by the values of labels.
public struct CounterFamily: Sendable {
    let counters: SharedCounters
    let places: [Int]

    /// Counts, in the series of this number.
    public func add(_ number: UInt64 = 1, to series: Int = 0) {
        let place = places[series]
        if place >= 0 { counters.add(number, to: place) }
    }

    /// What all processes have counted in the series of this number.
    public func total(of series: Int = 0) -> UInt64 {
        let place = places[series]
        return place >= 0 ? counters.total(of: place) : 0
    }
}

/// Sums of times with their counts.
public struct TimerFamily: Sendable {
    let counters: SharedCounters
    let places: [Int]

    /// Adds a time.
    public func add(nanoseconds: Int64, to series: Int = 0) {
        let place = places[series]
        guard place >= 0 else { return }
        counters.add(1, to: place)
        counters.add(UInt64(max(0, nanoseconds)), to: place + 1)
    }
}

/// Histograms of times.
public struct HistogramFamily: Sendable {
    let counters: SharedCounters
    let bounds: [Int64]
    let places: [Int]

    /// Adds a time.
    public func add(nanoseconds: Int64, to series: Int = 0) {
        let place = places[series]
        guard place >= 0 else { return }
        // Most times are short, and a walk over a few numbers beats a search.
        var bucket = 0
        while bucket < bounds.count, nanoseconds > bounds[bucket] { bucket += 1 }
        counters.add(1, to: place + bucket)
        counters.add(UInt64(max(0, nanoseconds)), to: place + bounds.count + 1)
    }
}
