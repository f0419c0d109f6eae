import LinuxTestSupport
import MetricsTestSupport
import SharedMemory
import Testing

@testable import Observability

struct MetricRegistryTests {
    private let directory: TemporaryDirectory
    private let registry: MetricRegistry

    init() throws {
        directory = try TemporaryDirectory()
        registry = try Self.open(directory)
    }

    /// As another process opens it.
    private static func open(_ directory: TemporaryDirectory) throws -> MetricRegistry {
        var layout = SegmentLayout(version: 1)
        let parts = try MetricRegistry.Parts(in: &layout)
        let name = try SegmentName(program: "metrics", directory: directory.path, in: directory.path)
        return try MetricRegistry(try SharedSegment.open(name, layout: layout), parts)
    }

    private func text(of registry: MetricRegistry) -> [UInt8] {
        var text = MetricsText()
        registry.write(to: &text)
        return text.bytes
    }

    private func read(_ registry: MetricRegistry) throws -> MetricsReader { try MetricsReader(text(of: registry)) }

    @Test func `a text has each family with its kind, its help and its numbers`() throws {
        registry.counters("orders_total", "Orders.", labels: ["state"], series: [["new"], ["paid"], ["sent"]]).add(
            3,
            to: 1
        )
        registry.timers("packing_seconds", "Packing.").add(nanoseconds: 1_500_000_000)
        registry.histograms("walk_seconds", "Walks.", bounds: [1_000_000, 1_000_000_000]).add(nanoseconds: 2_000_000)
        #expect(
            String(decoding: text(of: registry), as: UTF8.self) == """
                # HELP orders_total Orders.
                # TYPE orders_total counter
                orders_total{state="paid"} 3
                # HELP packing_seconds Packing.
                # TYPE packing_seconds summary
                packing_seconds_sum 1.5
                packing_seconds_count 1
                # HELP walk_seconds Walks.
                # TYPE walk_seconds histogram
                walk_seconds_bucket{le="0.001"} 0
                walk_seconds_bucket{le="1.0"} 1
                walk_seconds_bucket{le="+Inf"} 1
                walk_seconds_sum 0.002
                walk_seconds_count 1
                # HELP metrics_series_without_room Series that are not counted because the shared memory has no room for them.
                # TYPE metrics_series_without_room gauge
                metrics_series_without_room 0

                """
        )
        #expect(try read(registry).kinds.count == 4)
    }

    @Test func `a time counts for the first bucket whose bound it does not pass`() throws {
        let walks = registry.histograms("walk_seconds", "Walks.", bounds: [10, 20, 30])
        for time: Int64 in [-5, 0, 10, 11, 20, 30, 31, .max / 2] { walks.add(nanoseconds: time) }
        let metrics = try read(registry)
        let counts = metrics.samples.filter { $0.name == "walk_seconds_bucket" }.map(\.value)
        #expect(counts == [3, 5, 6, 8])
        #expect(metrics.value("walk_seconds_count") == 8)
    }

    @Test func `processes count together, and one that comes later counts on`() throws {
        let series = [["a"], ["b"]]
        do {
            let earlier = try Self.open(directory)
            earlier.counters("calls_total", "Calls.", labels: ["of"], series: series).add(5, to: 1)
        }
        let calls = registry.counters("calls_total", "Calls.", labels: ["of"], series: series)
        calls.add(2, to: 1)
        #expect(calls.total(of: 1) == 7)
        #expect(try read(registry).value("calls_total", ["of": "b"]) == 7)
    }

    @Test func `series are known by their labels, so that a release with others goes on with those that stay`() throws {
        registry.counters("calls_total", "Calls.", labels: ["of"], series: [["a"], ["b"], ["c"]]).add(4, to: 2)
        let next = try Self.open(directory)
        let calls = next.counters("calls_total", "Calls.", labels: ["of"], series: [["new"], ["c"]])
        calls.add(1, to: 0)
        calls.add(1, to: 1)
        let metrics = try read(next)
        #expect(metrics.value("calls_total", ["of": "c"]) == 5)
        #expect(metrics.value("calls_total", ["of": "new"]) == 1)
    }

    @Test func `a histogram with other bounds begins anew`() throws {
        registry.histograms("walk_seconds", "Walks.", bounds: [10, 20]).add(nanoseconds: 15)
        let next = try Self.open(directory)
        next.histograms("walk_seconds", "Walks.", bounds: [10, 20, 30]).add(nanoseconds: 25)
        #expect(try read(next).value("walk_seconds_count") == 1)
    }

    @Test func `registered again, a family is the same`() throws {
        let names = (0..<20).map { ["\($0)"] }
        let first = registry.counters("calls_total", "Calls.", labels: ["of"], series: names)
        let second = registry.counters("calls_total", "Calls.", labels: ["of"], series: names)
        first.add(to: 3)
        second.add(to: 3)
        #expect(first.total(of: 3) == 2)
    }

    @Test func `what has no room is not counted, is told, and does no harm to others`() throws {
        let many = registry.counters(
            "many_total",
            "Many.",
            labels: ["n"],
            series: (0..<5000).map { ["\($0)"] }
        )
        for number in 0..<5000 { many.add(to: number) }
        let metrics = try read(registry)
        #expect(metrics.sum("many_total") == 4096)
        #expect(metrics.value("metrics_series_without_room") == 904)
    }

    @Test func `an entry whose owner was killed before it had its counters is completed by the next`() throws {
        var layout = SegmentLayout(version: 1)
        let parts = try MetricDirectory.Parts(in: &layout)
        let name = try SegmentName(program: "directory", directory: directory.path, in: directory.path)
        let segment = try SharedSegment.open(name, layout: layout)
        let metrics = try MetricDirectory(segment, parts)
        let first = try #require(metrics.firstCounter(of: "calls", count: 3))
        let words = try segment.words(parts.entries)
        let entry = try #require((0..<MetricDirectory.entries).first { words[$0 * 2].load() != 0 })
        words[entry * 2 + 1].store(0)
        let again = try #require(metrics.firstCounter(of: "calls", count: 3))
        #expect(again == first + 3)
        #expect(metrics.firstCounter(of: "calls", count: 3) == again)
    }

    @Test func `labels and help keep their format whatever stands in them`() throws {
        let value = "a\\b\"c\nd{},= e"
        registry.counters("odd_total", "Back\\slash and\nline.", labels: ["of"], series: [[value]]).add()
        #expect(try read(registry).value("odd_total", ["of": value]) == 1)
    }
}

/// The reader of the tests refuses what a scraper would.
struct MetricsReaderTests {
    @Test(
        arguments: [
            "", "a 1", "a 1\n", "# TYPE a counter\na 1\n", "# HELP a A.\n# TYPE a counter\nb 1\n",
            "# HELP a A.\n# TYPE a counter\na -1\n", "# HELP a A.\n# TYPE a counter\na 1\na 2\n",
            "# HELP a A.\n# TYPE a counter\na{b=c} 1\n", "# HELP a A.\n# TYPE a counter\na{b=\"c} 1\n",
            "# HELP a A.\n# TYPE a counter\na{b=\"c\",b=\"d\"} 1\n", "# HELP a A.\n# TYPE a number\na 1\n",
            "# HELP a A.\n# TYPE a counter\na one\n", "# HELP 1a A.\n# TYPE 1a counter\n1a 1\n",
            "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n",
            "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
            "# HELP a A.\n# TYPE a counter\na{b=\"\\x\"} 1\n",
        ]
    )
    func `a text that is none is refused`(text: String) {
        #expect(throws: MetricsReader.Malformed.self) { try MetricsReader(Array(text.utf8)) }
    }
}
