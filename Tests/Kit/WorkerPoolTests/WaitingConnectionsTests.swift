import Testing

@testable import WorkerPool

struct WaitingConnectionsTests {
    private let waiting = WaitingConnections(patience: 100)

    private func expired(at now: Int64) -> [Int32] {
        waiting.takeExpired(now: now) { _ in false }
    }

    @Test func `a silent connection is claimed once`() {
        let connection = waiting.addSilent(7, now: 0)
        #expect(!waiting.isEmpty)
        #expect(waiting.claimSilent(connection))
        #expect(!waiting.claimSilent(connection))
        #expect(waiting.isEmpty)
    }

    @Test func `a number that is used again is another connection`() {
        let first = waiting.addSilent(7, now: 0)
        #expect(expired(at: 101) == [7])
        let second = waiting.addSilent(7, now: 200)
        // A thread that was about to take the first one.
        #expect(!waiting.claimSilent(first))
        #expect(waiting.claimSilent(second))
    }

    @Test func `what waited too long is taken once, and nobody claims it any more`() {
        let silent = waiting.addSilent(7, now: 0)
        waiting.addPartial(8, now: 1)
        _ = waiting.addSilent(9, now: 50)
        #expect(expired(at: 100) == [])
        #expect(expired(at: 101) == [7])
        #expect(expired(at: 102) == [8])
        #expect(!waiting.claimSilent(silent))
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

    @Test func `a connection that was answered is had patience with, in time and in bytes`() {
        waiting.addAnswered(7, now: 0)
        waiting.addAnswered(8, now: 50)
        #expect(Set(waiting.answered) == [7, 8])
        #expect(!waiting.isEmpty)
        #expect(expired(at: 101) == [7])
        let half = WaitingConnections.discardLimit / 2
        #expect(waiting.noteDiscarded(0, from: 8))
        #expect(waiting.noteDiscarded(half, from: 8))
        #expect(!waiting.noteDiscarded(half, from: 8))
        #expect(!waiting.noteDiscarded(0, from: 7))
        waiting.removeAnswered(8)
        #expect(waiting.isEmpty)
        #expect(expired(at: 1000) == [])
    }

    @Test func `a connection whose request has come waits for a thread as long as it takes`() {
        let whole = waiting.addSilent(7, now: 0)
        _ = waiting.addSilent(8, now: 0)
        #expect(waiting.takeExpired(now: 101) { $0 == 7 } == [8])
        #expect(expired(at: .max - 1) == [])
        #expect(!waiting.isEmpty)
        #expect(waiting.claimSilent(whole))
        let later = waiting.addWhole(9)
        #expect(expired(at: .max - 1) == [])
        #expect(waiting.claimSilent(later))
    }
}
