import Linux
import Observability
import Synchronization
import Testing

/// Facts that a thread of its own finds out.
@Suite(.timeLimit(.minutes(10)))
struct BackgroundCheckTests {
    private let second: Int64 = 1_000_000_000

    @Test func `whoever asks gets what was found last, and how old it is`() throws {
        let (asked, answer) = (Semaphore(permits: 0), Semaphore(permits: 0))
        let count = Atomic(0)
        let check = try BackgroundCheck("test", every: 1) {
            {
                asked.signal()
                _ = answer.wait(nanoseconds: 20_000_000_000)
                return count.add(1, ordering: .relaxed).newValue
            }
        }
        #expect(asked.wait(nanoseconds: 20 * second))
        // The check does not come back, and nobody waits for it.
        #expect(check.latest == nil)
        answer.signal()
        check.waitForFirst(nanoseconds: 20 * second)
        #expect(check.latest?.facts == 1)
        #expect(asked.wait(nanoseconds: 20 * second))
        let age = try #require(check.latest?.age)
        #expect(check.latest?.facts == 1)
        #expect(try #require(check.latest?.age) > age)
        answer.signal()
        while check.latest?.facts != 2 {}
        answer.signal()
    }

    @Test func `the thread ends with its owner`() throws {
        final class Witness: Sendable {
            let gone: Semaphore
            init(_ gone: Semaphore) { self.gone = gone }
            deinit { gone.signal() }
        }
        let gone = Semaphore(permits: 0)
        var check: BackgroundCheck<Int>? = try BackgroundCheck("test", every: 3600 * second) {
            let witness = Witness(gone)
            return { withExtendedLifetime(witness) { 1 } }
        }
        check?.waitForFirst(nanoseconds: 20 * second)
        #expect(check?.latest?.facts == 1)
        check = nil
        #expect(gone.wait(nanoseconds: 20 * second))
    }
}
