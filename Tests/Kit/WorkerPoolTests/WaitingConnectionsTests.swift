import Testing

@testable import WorkerPool

struct WaitingConnectionsTests {
    private let waiting = WaitingConnections(patience: 100)

    private func expired(at now: Int64) -> [Int32] {
        waiting.takeExpired(now: now) { _ in false }
    }

    @Test func `a silent connection is claimed once`() {
        waiting.addSilent(7, now: 0)
        #expect(!waiting.isEmpty)
        #expect(waiting.claimSilent(7))
        #expect(!waiting.claimSilent(7))
        #expect(waiting.isEmpty)
    }

    @Test func `what waited too long is taken once, and nobody claims it any more`() {
        waiting.addSilent(7, now: 0)
        waiting.addPartial(8, now: 1)
        waiting.addSilent(9, now: 50)
        #expect(expired(at: 100) == [])
        #expect(expired(at: 101) == [7])
        #expect(expired(at: 102) == [8])
        #expect(!waiting.claimSilent(7))
        #expect(waiting.partial == [])
        #expect(expired(at: 1000) == [9])
        #expect(expired(at: 1000) == [])
        #expect(waiting.isEmpty)
    }

    @Test func `a connection with a part of a request is taken by hand`() {
        waiting.addPartial(7, now: 0)
        #expect(waiting.partial == [7])
        waiting.removePartial(7)
        waiting.removePartial(7)
        #expect(waiting.isEmpty)
    }

    @Test func `a connection whose request has come waits for a thread as long as it takes`() {
        waiting.addSilent(7, now: 0)
        waiting.addSilent(8, now: 0)
        #expect(waiting.takeExpired(now: 101) { $0 == 7 } == [8])
        #expect(expired(at: .max - 1) == [])
        #expect(!waiting.isEmpty)
        #expect(waiting.claimSilent(7))
        waiting.addWhole(9)
        #expect(expired(at: .max - 1) == [])
        #expect(waiting.claimSilent(9))
    }
}
