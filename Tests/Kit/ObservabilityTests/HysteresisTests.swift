import Observability
import Testing

/// Values that change only when they have been found changed several times in a row.
struct HysteresisTests {
    private func values(_ found: [Int], from value: Int = 0) -> [Int] {
        var hysteresis = Hysteresis(value, worseAfter: 3, betterAfter: 2)
        return found.map {
            hysteresis.note($0)
            return hysteresis.value
        }
    }

    @Test func `worse takes three in a row, better two`() {
        #expect(values([1, 1, 1, 1]) == [0, 0, 1, 1])
        #expect(values([0, 0, 0], from: 1) == [1, 0, 0])
    }

    @Test func `one that is as before begins the count anew`() {
        #expect(values([1, 1, 0, 1, 1, 0, 1, 1, 1]) == [0, 0, 0, 0, 0, 0, 0, 0, 1])
        #expect(values([0, 1, 0, 1, 0, 0], from: 1) == [1, 1, 1, 1, 1, 0])
    }

    @Test func `what changes to and fro is as it was`() {
        #expect(Set(values((0..<100).map { $0 % 2 })) == [0])
        #expect(Set(values((0..<100).map { $0 % 2 }, from: 1)) == [1])
    }

    @Test func `of several worse ones the last counts, and a turn begins the count anew`() {
        #expect(values([1, 2, 1]) == [0, 0, 1])
        #expect(values([2, 2, 2]) == [0, 0, 2])
        #expect(values([2, 0, 2, 2], from: 1) == [1, 1, 1, 1])
    }
}
