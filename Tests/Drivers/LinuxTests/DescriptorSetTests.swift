import Linux
import LinuxTestSupport
import Synchronization
import Testing

struct DescriptorSetTests {
    @Test func `a number is taken once`() {
        let set = DescriptorSet()
        #expect(set.numbers.isEmpty)
        #expect(!set.remove(7))
        for number in [3, 200, 7] as [Int32] { #expect(set.insert(number)) }
        #expect(set.numbers == [3, 7, 200])
        #expect(set.remove(7))
        #expect(!set.remove(7))
        #expect(set.numbers == [3, 200])
    }

    @Test func `numbers that no descriptor has are not taken`() {
        let set = DescriptorSet()
        #expect(!set.insert(-1))
        #expect(!set.insert(.max))
        #expect(!set.remove(.max))
    }

    @Test func `of many threads that take a number one has it`() throws {
        let set = DescriptorSet()
        let taken = Atomic(0)
        for round in 0..<200 {
            #expect(set.insert(Int32(round % 40)))
            try onThreads(4) { _ in
                if set.remove(Int32(round % 40)) { taken.add(1, ordering: .relaxed) }
            }
        }
        #expect(taken.load(ordering: .relaxed) == 200)
    }
}
