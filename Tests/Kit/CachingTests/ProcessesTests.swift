internal import Linux
internal import LinuxTestSupport
internal import SharedMemory
import Testing

@testable import Caching

/// Several processes that change and read one number, each through a cache of its own; see `cache-probe`.
@Suite struct ProcessesTests {
    @Test func `no process reads what is older than the last acknowledged change, whoever is killed`() throws {
        let directory = try TemporaryDirectory()
        _ = try Shell.run(
            "sqlite3 \(directory.path)/numbers.db "
                + "'CREATE TABLE numbers (value INTEGER NOT NULL); INSERT INTO numbers VALUES (0)'"
        )
        let name = try SegmentName(program: "cache-probe", directory: directory.path, in: directory.path)
        var layout = SegmentLayout(version: 1)
        let words = try layout.addWords("acknowledged", count: 1)
        let segment = try SharedSegment.open(name, layout: layout)
        let acknowledged = try segment.words(words)[0]
        let generations = SharedGenerations(segment)

        func start() throws -> Int32 {
            try ChildProcess.spawn(
                path: try BuiltProgram.path("cache-probe"),
                arguments: ["cache-probe", "work", directory.path],
                environment: [],
                descriptors: [nil, nil, 2]
            )
        }
        var running = try (0..<4).map { _ in try start() }
        defer { for process in running { ChildProcess.send(.kill, to: process) } }
        // This test does what the supervisor does: it replaces who was killed, and makes everything old.
        var kills = 0
        while kills < 12 {
            let process = running.removeFirst()
            let end = try ChildProcess.wait(for: process)
            generations.invalidateEverything()
            #expect(end == .killed(signal: 9))
            kills += 1
            running.append(try start())
        }
        for process in running { ChildProcess.send(.kill, to: process) }
        for process in running { _ = try ChildProcess.wait(for: process) }
        running = []
        #expect(acknowledged.load() > 100)
    }

    @Test func `the statistics of all processes are added up`() throws {
        let directory = try TemporaryDirectory()
        let name = try SegmentName(program: "cache-probe", directory: directory.path, in: directory.path)
        var layout = SegmentLayout(version: 1)
        let parts = try CacheCounters.Parts(in: &layout)
        let segment = try SharedSegment.open(name, layout: layout)
        let counters = try CacheCounters(segment, parts)
        let clock = TestClock()
        let caches = (0..<2).map { _ in Cache(generations: SharedGenerations(segment), options: clock.options()) }
        var reports = caches.enumerated().map { CacheReport(of: $1, to: counters, slot: $0) }
        for cache in caches {
            for _ in 0..<3 { _ = try cache.value(for: CacheKey(.text), tags: [.books], ttl: .seconds(9)) { "four" } }
        }
        for index in reports.indices {
            reports[index].send()
            reports[index].send()
        }
        let totals = counters.totals()[CacheKind.text.number]
        #expect(totals[.hits] == 4 && totals[.misses] == 2 && totals[.loads] == 2)
        #expect(totals.values == 2 && totals.bytes == 8)
        reports[0].end()
        #expect(counters.totals()[CacheKind.text.number].values == 1)
        #expect(counters.totals()[CacheKind.text.number][.hits] == 4)
    }
}
