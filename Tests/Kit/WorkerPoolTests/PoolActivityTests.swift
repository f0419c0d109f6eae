import Linux
import LinuxTestSupport
import SharedMemory
import Testing

@testable import WorkerPool

struct PoolActivityTests {
    private let directory: TemporaryDirectory
    private let activity: PoolActivity

    init() throws {
        directory = try TemporaryDirectory()
        var layout = SegmentLayout(version: 1)
        let parts = try PoolActivity.Parts(in: &layout)
        let name = try SegmentName(program: "test", directory: directory.path, in: directory.path)
        activity = try PoolActivity(try SharedSegment.open(name, layout: layout), parts)
    }

    @Test func `a thread shows the request that it serves, and its route once that is found`() throws {
        let thread = try activity.claim()
        let before = SystemClock.monotonicNanoseconds()
        thread.serves(requestID: Array("00d069f9f7b8b8cd28ee7e96c284a367".utf8).span)
        thread.found(route: 0)
        let state = try #require(try activity.states().first)
        #expect(state.process == ThisProcess.id)
        #expect(state.phase == .serving)
        #expect(state.since >= before && state.since <= SystemClock.monotonicNanoseconds())
        #expect(state.route == 0)
        #expect(state.requestID == "00d069f9f7b8b8cd28ee7e96c284a367")
        thread.answered()
        thread.served()
        let waiting = try #require(try activity.states().first)
        #expect(waiting.phase == .waiting)
        #expect(waiting.route == nil)
        #expect(waiting.requestID == nil)
        #expect(activity.total(of: .requests) == 1)
    }

    @Test func `a thread shows how far its request is, until the response has been sent`() throws {
        let thread = try activity.claim()
        func stage() throws -> Int? { try activity.states().first { $0.phase == .serving }?.stage }
        #expect(try stage() == nil)
        thread.serves(requestID: nil)
        #expect(try stage() == 0)
        thread.reached(stage: 7)
        thread.found(route: 2)
        #expect(try stage() == 7)
        thread.answered()
        #expect(try stage() == 7)
        thread.served()
        #expect(try stage() == nil)
        thread.serves(requestID: nil)
        #expect(try stage() == 0)
    }

    @Test(arguments: ["", "abc", "00D069F9F7B8B8CD28EE7E96C284A367", "00d069f9f7b8b8cd28ee7e96c284a367a"])
    func `an id of another form is not shown`(id: String) throws {
        let thread = try activity.claim()
        thread.serves(requestID: Array(id.utf8).span)
        #expect(try activity.states().first?.requestID == nil)
    }

    @Test func `threads have records of their own, and one that ends leaves its own to the next`() throws {
        var threads = [try activity.claim(), try activity.claim(), try activity.claim()]
        threads[1].serves(requestID: nil)
        #expect(try activity.states().map(\.phase) == [.waiting, .serving, .waiting])
        threads.remove(at: 1)
        #expect(try activity.states().map(\.phase) == [.waiting, .waiting])
        threads.append(try activity.claim())
        #expect(try activity.states().count == 3)
    }

    @Test func `events are counted`() {
        activity.count(.deaths)
        activity.count(.deaths)
        #expect(activity.total(of: .deaths) == 2)
        #expect(activity.total(of: .generations) == 0)
    }

    @Test func `to show a request costs next to nothing`() throws {
        let thread = try activity.claim()
        let id = Array("00d069f9f7b8b8cd28ee7e96c284a367".utf8)
        let shown = leastNanoseconds {
            thread.serves(requestID: id.span)
            thread.found(route: 3)
            for stage in 1...6 { thread.reached(stage: stage) }
            thread.answered()
            thread.served()
        }
        // Held against the machine's own clock, because machines differ, and builds without optimisation by ten times.
        let clock = leastNanoseconds { _ = SystemClock.monotonicNanoseconds() }
        print("\(shown) ns to show a request, \(clock) ns to read the clock")
        #expect(shown < 350 * clock)
    }

    /// The least of many, each short enough for one turn of the processor: what else the machine does only adds.
    private func leastNanoseconds(_ body: () -> Void) -> Int64 {
        let rounds = 200
        return (0..<500).map { _ in
            let start = SystemClock.monotonicNanoseconds()
            for _ in 0..<rounds { body() }
            return (SystemClock.monotonicNanoseconds() - start) / Int64(rounds)
        }.min() ?? 0
    }
}
