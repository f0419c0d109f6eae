import Events
import Linux
import LinuxTestSupport
import SharedMemory
import Synchronization
import Testing

/// The thread around a relay.
@Suite struct RelayThreadTests {
    private static let patience: Int64 = 600_000_000_000

    private let directory: TemporaryDirectory
    private let signal: EventSignal

    init() throws {
        directory = try TemporaryDirectory()
        var layout = SegmentLayout(version: 1)
        let parts = try EventSignal.Parts(in: &layout)
        let name = try SegmentName(program: "test", directory: directory.path, in: directory.path)
        signal = try EventSignal(try SharedSegment.open(name, layout: layout), parts)
    }

    @Test(.timeLimit(.minutes(10))) func `a signal has it look, and it ends when it is told to`() throws {
        let rounds = Semaphore(permits: 0)
        let thread = try RelayThread(name: "relay", signal: signal, report: { _ in }) {
            { _ in
                rounds.signal()
                return .idle(until: nil)
            }
        }
        for _ in 0..<3 {
            #expect(rounds.wait(nanoseconds: Self.patience))
            signal.announce()
        }
        thread.stop()
        #expect(thread.waitForEnd(nanoseconds: Self.patience))
        #expect(thread.hasEnded)
    }

    @Test(.timeLimit(.minutes(10))) func `it ends by itself with its consumer`() throws {
        let thread = try RelayThread(name: "relay", signal: signal, report: { _ in }) { { _ in .gone } }
        #expect(thread.waitForEnd(nanoseconds: Self.patience))
    }

    @Test(.timeLimit(.minutes(10))) func `a failure is told once, and the work is begun anew`() throws {
        struct Fault: Error {}
        let count = Counters()
        let thread = try RelayThread(
            name: "relay",
            signal: signal,
            report: { _ in count.told.add(1, ordering: .relaxed) }
        ) {
            let number = count.made.add(1, ordering: .relaxed).newValue
            return { _ in
                if number <= 2 { throw Fault() }
                return .gone
            }
        }
        #expect(thread.waitForEnd(nanoseconds: Self.patience))
        #expect(count.told.load(ordering: .relaxed) == 1)
    }

    private final class Counters: Sendable {
        let told = Atomic<Int>(0)
        let made = Atomic<Int>(0)
    }
}
