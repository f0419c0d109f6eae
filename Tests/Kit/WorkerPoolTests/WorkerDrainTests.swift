import Testing

@testable import WorkerPool

struct WorkerDrainTests {
    private let second: Int64 = 1_000_000_000

    @Test
    func `what runs has the whole time to finish, then a second to be cancelled, then one to lose its connection`() {
        var drain = WorkerDrain(timeout: 30 * second, now: 5)
        #expect(drain.deadline == 30 * second + 5)
        #expect(drain.advance(now: 5) == nil)
        #expect(drain.advance(now: drain.deadline) == nil)
        #expect(drain.advance(now: drain.deadline + 1) == .cancelling)
        #expect(drain.advance(now: drain.deadline + second) == nil)
        #expect(drain.advance(now: drain.deadline + second + 1) == .closing)
        #expect(drain.advance(now: drain.deadline + 2 * second) == nil)
        #expect(drain.advance(now: drain.deadline + 2 * second + 1) == .over)
        #expect(drain.advance(now: .max) == nil)
    }

    @Test func `no step is left out where nobody looked for long`() {
        var drain = WorkerDrain(timeout: 0, now: 0)
        #expect(drain.advance(now: 60 * second) == .cancelling)
        #expect(drain.advance(now: 60 * second) == .closing)
        #expect(drain.advance(now: 60 * second) == .over)
    }
}
