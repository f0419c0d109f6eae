import Linux
import Synchronization
import Testing

struct ThreadTests {
    @Test func `joining waits for the end of the thread`() throws {
        let gate = Semaphore(permits: 0)
        let isDone = Mutex(false)
        let thread = try Thread(name: "worker") {
            _ = gate.wait(nanoseconds: 10_000_000_000)
            isDone.withLock { $0 = true }
        }
        #expect(!isDone.withLock { $0 })
        gate.signal()
        thread.join()
        #expect(isDone.withLock { $0 })
    }

    @Test func `a thread that nobody joins runs to its end, and lets go of what it held`() throws {
        final class Witness: Sendable {
            let end = Semaphore(permits: 0)
            let other: Semaphore
            init(_ other: Semaphore) { self.other = other }
            deinit { other.signal() }
        }
        let released = Semaphore(permits: 0)
        do {
            let witness = Witness(released)
            _ = try Thread(name: "detached") { witness.end.signal() }
            #expect(witness.end.wait(nanoseconds: 10_000_000_000))
        }
        #expect(released.wait(nanoseconds: 10_000_000_000))
    }

    @Test func `a thread has its name, cut to 15 bytes`() throws {
        let name = Mutex("")
        try Thread(name: "a-name-that-is-too-long") {
            let text = try? Files.read("/proc/thread-self/comm")
            name.withLock { $0 = String(decoding: text ?? [], as: UTF8.self) }
        }
        .join()
        #expect(name.withLock { $0 } == "a-name-that-is-\n")
    }

    @Test func `a hundred threads at once`() throws {
        let gate = Semaphore(permits: 0)
        let ends = Semaphore(permits: 0)
        for index in 0..<100 {
            _ = try Thread(name: "t\(index)", stackSize: 64 << 10) {
                _ = gate.wait(nanoseconds: 10_000_000_000)
                ends.signal()
            }
        }
        for _ in 0..<100 { gate.signal() }
        for _ in 0..<100 { #expect(ends.wait(nanoseconds: 10_000_000_000)) }
    }
}
