import Testing

@testable import WorkerPool

struct WearLimitsTests {
    @Test func `without limits a worker is never worn`() {
        #expect(WearLimits().wear(requests: .max, age: .max) { .max } == nil)
    }

    @Test func `each limit is one, and is told`() {
        let limits = WearLimits(requests: 100, memory: 64 << 20, age: 3_000_000_000)
        #expect(limits.wear(requests: 99, age: 2_999_999_999) { 63 << 20 } == nil)
        #expect(limits.wear(requests: 100, age: 0) { 0 } == "100 requests")
        #expect(limits.wear(requests: 0, age: 3_000_000_000) { 0 } == "3 s of age")
    }

    @Test func `memory counts where a worker has not needed it from its start on`() {
        let limits = WearLimits(memory: 64 << 20)
        let old = WearLimits.memoryCountsAfter
        #expect(limits.wear(requests: 0, age: old) { 64 << 20 } == "64 MiB of memory")
        #expect(limits.wear(requests: 0, age: old) { 64 << 20 - 1 } == nil)
        #expect(limits.wear(requests: 0, age: old - 1) { .max } == nil)
    }

    @Test func `chance lowers requests and age by up to a tenth`() {
        let limits = WearLimits(requests: 1000, memory: 7, age: 2000)
        #expect(limits.jittered(by: 0) == limits)
        #expect(limits.jittered(by: 1) == WearLimits(requests: 900, memory: 7, age: 1800))
        #expect(limits.jittered(by: 0.5) == WearLimits(requests: 950, memory: 7, age: 1900))
    }
}
