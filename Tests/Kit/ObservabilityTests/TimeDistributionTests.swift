import LinuxTestSupport
import SharedMemory
import Testing

@testable import Observability

struct TimeDistributionTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// As another process opens it.
    private func open() throws -> MetricRegistry {
        var layout = SegmentLayout(version: 1)
        let parts = try MetricRegistry.Parts(in: &layout)
        let name = try SegmentName(program: "times", directory: directory.path, in: directory.path)
        return try MetricRegistry(try SharedSegment.open(name, layout: layout), parts)
    }

    private func walks(_ registry: MetricRegistry, _ bounds: [Int64] = [100, 200, 400]) -> HistogramFamily {
        registry.histograms("walks", "Walks.", labels: ["to"], series: [["a"], ["b"]], bounds: bounds)
    }

    private func times(_ times: Int64..., bounds: [Int64] = [100, 200, 400]) throws -> TimeDistribution {
        let registry = try open()
        let family = walks(registry, bounds)
        let before = try #require(registry.distribution(of: "walks"))
        for time in times { family.add(nanoseconds: time) }
        return try #require(registry.distribution(of: "walks")).since(before)
    }

    @Test func `of nothing there is no percentile`() throws {
        #expect(TimeDistribution(bounds: [100]).percentile(0.5) == nil)
        #expect(try times().percentile(0.99) == nil)
    }

    @Test func `a percentile lies within the bucket of the true value, as far as the times are spread evenly`() throws {
        // Ten in each bucket.
        var spread = TimeDistribution(bounds: [100, 200, 400])
        for bucket in 0..<3 { spread.add(10, toBucket: bucket) }
        #expect(spread.percentile(0) == 0)
        #expect(spread.percentile(1 / 6) == 50)
        #expect(spread.percentile(0.5) == 150)
        #expect(spread.percentile(5 / 6) == 300)
        #expect(spread.percentile(1) == 400)
    }

    @Test func `a bucket in which nothing fell is passed over`() throws {
        let two = try times(50, 300)
        #expect(two.percentile(0.5) == 100)
        #expect(two.percentile(0.51).map { (200...400).contains($0) } == true)
    }

    @Test func `what is beyond the last bound is told as lying at it`() throws {
        #expect(try times(1000, 2000, 3000).percentile(0.5) == 400)
    }

    @Test func `the percentiles of many times are near those of the times themselves`() throws {
        let bounds: [Int64] = [10, 20, 40, 80, 160, 320, 640, 1280]
        var all: [Int64] = []
        var distribution = TimeDistribution(bounds: bounds)
        for number in 1...1000 {
            let time = Int64(number) * Int64(number) % 1279 + 1
            all.append(time)
            distribution.add(1, toBucket: bounds.firstIndex { time <= $0 } ?? bounds.count)
        }
        all.sort()
        for part in [0.5, 0.9, 0.99] {
            let exact = all[Int((Double(all.count) * part).rounded(.up)) - 1]
            let bucket = bounds.firstIndex { exact <= $0 } ?? 0
            let told = try #require(distribution.percentile(part))
            #expect(told <= bounds[bucket] && told >= (bucket == 0 ? 0 : bounds[bucket - 1]))
        }
    }

    @Test func `all series and all processes are in it`() throws {
        let (here, there) = (try open(), try open())
        walks(here).add(nanoseconds: 50, to: 0)
        walks(there).add(nanoseconds: 250, to: 1)
        walks(there).add(nanoseconds: 9999, to: 0)
        #expect(here.distribution(of: "walks")?.counts == [1, 0, 1, 1])
        #expect(there.distribution(of: "walks")?.count == 3)
        #expect(here.distribution(of: "rides") == nil)
        _ = here.counters("rides", "Rides.")
        #expect(here.distribution(of: "rides") == nil)
    }

    @Test func `what has begun anew since an earlier look is told whole`() {
        var before = TimeDistribution(bounds: [10])
        before.add(5, toBucket: 0)
        var after = TimeDistribution(bounds: [10])
        after.add(3, toBucket: 0)
        #expect(after.since(before).counts == [3, 0])
        #expect(after.since(TimeDistribution(bounds: [10, 20])) == after)
    }

    @Test func `recent times are those since the oldest look within the span`() throws {
        let registry = try open()
        let recent = RecentTimes(over: 120) { registry.distribution(of: "walks") }
        recent.look(now: 1)
        #expect(recent.latest(now: 2)?.times.count == nil)
        let family = walks(registry)
        family.add(nanoseconds: 1)
        for now: Int64 in 1000..<1300 {
            recent.look(now: now)
            // One in each instant from now on.
            family.add(nanoseconds: 150)
        }
        let (times, span) = try #require(recent.latest(now: 1300))
        // The oldest look that is kept is up to a twelfth of the span older.
        #expect((120...130).contains(span))
        #expect(times.count == UInt64(span))
        #expect(times.percentile(0.5) == 150)
        // Where nothing comes, nothing is told of it.
        recent.look(now: 1310)
        for now in stride(from: Int64(1310), through: 1600, by: 5) { recent.look(now: now) }
        #expect(recent.latest(now: 1600)?.times.count == 0)
    }
}
