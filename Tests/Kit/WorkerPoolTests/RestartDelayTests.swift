import Testing
import WorkerPool

struct RestartDelayTests {
    private let second: Int64 = 1_000_000_000

    @Test func `deaths in a row wait twice as long each, up to 30 seconds`() {
        var delay = RestartDelay()
        let delays = (0..<12).map { _ in delay.next(lifetime: 0) / 1_000_000 }
        #expect(delays == [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000])
    }

    @Test func `one that served is followed at once, and its deaths before count no more`() {
        var delay = RestartDelay()
        for _ in 0..<5 { _ = delay.next(lifetime: 0) }
        for _ in 0..<1500 { #expect(delay.next(served: RestartDelay.servedAfter) == 0) }
        #expect(delay.next(lifetime: 0) == 100_000_000)
    }

    @Test func `one that crashes as soon as it serves is followed within a second`() {
        var delay = RestartDelay()
        let delays = (0..<6).map { _ in delay.next(served: RestartDelay.servedAfter - 1) / 1_000_000 }
        #expect(delays == [100, 200, 400, 800, 1000, 1000])
        // Where the next does not even start, it is waited for longer again.
        #expect(delay.next(lifetime: 0) == 2 * second)
        #expect(delay.next(served: 0) == second)
    }

    @Test func `a process that lived for a minute starts anew`() {
        var delay = RestartDelay()
        for _ in 0..<5 { _ = delay.next(lifetime: 0) }
        #expect(delay.next(lifetime: 60 * second - 1) == 3_200_000_000)
        #expect(delay.next(lifetime: 60 * second) == 100_000_000)
        #expect(delay.next(lifetime: 0) == 200_000_000)
    }
}
