import Linux
import Testing

struct SemaphoreTests {
    @Test func `permits are given as often as there are any`() {
        let semaphore = Semaphore(permits: 2)
        #expect(semaphore.wait(nanoseconds: 0))
        #expect(semaphore.wait(nanoseconds: 0))
        #expect(!semaphore.wait(nanoseconds: 0))
        semaphore.signal()
        #expect(semaphore.wait(nanoseconds: 0))
    }

    @Test func `a wait without a permit lasts as long as it was told`() {
        let semaphore = Semaphore(permits: 0)
        let began = SystemClock.monotonicNanoseconds()
        #expect(!semaphore.wait(nanoseconds: 60_000_000))
        let lasted = SystemClock.monotonicNanoseconds() - began
        #expect(lasted >= 60_000_000)
        #expect(!semaphore.wait(nanoseconds: -5))
        #expect(!semaphore.wait(nanoseconds: .min))
    }

    @Test func `a permit that comes ends a wait, of any length`() throws {
        let semaphore = Semaphore(permits: 0)
        let thread = try Thread(name: "giver") { semaphore.signal() }
        #expect(semaphore.wait(nanoseconds: .max))
        thread.join()
    }
}
