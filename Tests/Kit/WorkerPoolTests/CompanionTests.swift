import Linux
import Logging
import Synchronization
import Testing

@testable import WorkerPool

struct CompanionTests {
    /// What the work of a test has done, for the test to see.
    private final class Witness: Sendable {
        let began = Semaphore(permits: 0)
        let reopened = Semaphore(permits: 0)
        let steps = Mutex<[String]>([])

        func note(_ step: String) { steps.withLock { $0.append(step) } }
    }

    /// Work that takes until somebody wants it to end.
    private struct LongWork: Housekeeping {
        let companion: Companion
        let witness: Witness

        func tick() {
            witness.began.signal()
            while !companion.isToldToEnd() { _ = Semaphore(permits: 0).wait(nanoseconds: 1_000_000) }
            witness.note("given up")
        }

        func reopenLogs() { witness.reopened.signal() }

        func finish() { witness.note("last") }
    }

    @Test func `long work hears that the pool ends, opens logs anew meanwhile, and the last work is done`() throws {
        let pair = try Sockets.pair(kind: .packets)
        let supervisor = pair.first
        let control = pair.second.release()
        let witness = Witness()
        let end = Semaphore(permits: 0)
        _ = try Thread(name: "companion") {
            do {
                let companion = try Companion(
                    control: FileDescriptor(owning: control),
                    log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
                try companion.run(LongWork(companion: companion, witness: witness))
            } catch {
                Issue.record("\(error)")
            }
            end.signal()
        }
        #expect(witness.began.wait(nanoseconds: 60_000_000_000))
        try supervisor.writeAll(ControlMessage.reopenLogs.bytes)
        #expect(witness.reopened.wait(nanoseconds: 60_000_000_000))
        #expect(witness.steps.withLock { $0 } == [])
        try supervisor.writeAll(ControlMessage.drain.bytes)
        #expect(end.wait(nanoseconds: 60_000_000_000))
        #expect(witness.steps.withLock { $0 } == ["given up", "last"])
    }
}
