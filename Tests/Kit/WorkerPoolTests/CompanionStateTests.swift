import Linux
import Testing

@testable import WorkerPool

struct CompanionStateTests {
    private static let second: Int64 = 1_000_000_000

    /// A companion of generation 1 that does its work since time 0.
    private func ready() -> CompanionState {
        var state = CompanionState()
        #expect(state.handle(.serving(generation: 1), now: 0) == [.spawn(generation: 1)])
        #expect(state.handle(.ready, now: 0) == [])
        #expect(state.phase == .ready)
        return state
    }

    @Test func `nothing is started before a generation serves`() {
        var state = CompanionState()
        #expect(state.handle(.tick, now: 0) == [])
        #expect(state.handle(.stop, now: 0) == [])
        #expect(state.phase == nil)
        #expect(state.handle(.serving(generation: 1), now: 0) == [])
    }

    @Test func `a new generation replaces it once it has ended`() {
        var state = ready()
        #expect(state.handle(.serving(generation: 2), now: 1) == [.drain])
        #expect(state.handle(.serving(generation: 3), now: 2) == [])
        #expect(state.handle(.ended(.exited(0)), now: 3) == [.spawn(generation: 3)])
        #expect(state.generation == 3)
    }

    @Test func `one that dies is started anew, later each time`() {
        var state = ready()
        var now: Int64 = 0
        for delay in [100, 200, 400] as [Int64] {
            let wait = delay * 1_000_000
            #expect(
                state.handle(.ended(.killed(signal: 9)), now: now) == [.died(.killed(signal: 9), replacedAfter: wait)]
            )
            #expect(state.handle(.tick, now: now + wait - 1) == [])
            now += wait
            #expect(state.handle(.tick, now: now) == [.spawn(generation: 1)])
            #expect(state.handle(.tick, now: now) == [])
        }
    }

    @Test func `a generation that comes while it waits to be started anew does not wait`() {
        var state = ready()
        _ = state.handle(.ended(.exited(1)), now: 0)
        #expect(state.handle(.serving(generation: 2), now: 1) == [.spawn(generation: 2)])
        #expect(state.handle(.tick, now: Self.second) == [])
    }

    @Test func `one that does not start or end in time is ended by force, once`() {
        var state = CompanionState()
        _ = state.handle(.serving(generation: 1), now: 0)
        #expect(state.handle(.tick, now: 10 * Self.second) == [])
        #expect(state.handle(.tick, now: 10 * Self.second + 1) == [.kill])
        #expect(state.handle(.tick, now: 11 * Self.second) == [])
        var draining = ready()
        _ = draining.handle(.stop, now: Self.second)
        #expect(draining.handle(.tick, now: 11 * Self.second + 1) == [.kill])
        #expect(draining.handle(.ended(.killed(signal: 9)), now: 12 * Self.second) == [])
        #expect(draining.phase == nil)
    }

    @Test func `one that says nothing any more is ended by force and replaced`() {
        var state = ready()
        #expect(state.handle(.tick, now: 10 * Self.second) == [])
        #expect(state.handle(.alive, now: 10 * Self.second) == [])
        #expect(state.handle(.tick, now: 20 * Self.second) == [])
        #expect(state.handle(.tick, now: 20 * Self.second + 1) == [.silent, .kill])
        #expect(state.handle(.tick, now: 21 * Self.second) == [])
        let died = state.handle(.ended(.killed(signal: 9)), now: 21 * Self.second)
        #expect(died == [.died(.killed(signal: 9), replacedAfter: 100_000_000)])
        #expect(state.handle(.tick, now: 22 * Self.second) == [.spawn(generation: 1)])
    }

    @Test func `one that says that it lives gets no more time to end`() {
        var state = ready()
        _ = state.handle(.stop, now: 0)
        _ = state.handle(.alive, now: 9 * Self.second)
        #expect(state.handle(.tick, now: 10 * Self.second + 1) == [.kill])
    }

    @Test func `a stop is final, and a second one forces it`() {
        var state = ready()
        #expect(state.handle(.stop, now: 0) == [.drain])
        #expect(state.handle(.serving(generation: 2), now: 0) == [])
        #expect(state.handle(.stop, now: 1) == [.kill])
        #expect(state.handle(.ended(.killed(signal: 9)), now: 2) == [])
        #expect(state.handle(.tick, now: 60 * Self.second) == [])
    }
}
