internal import Linux

/// Counters that threads of all processes count up at once, without waiting for one another.
///
/// Each is spread over stripes, one for each processor: who counts writes into the stripe of the processor that it runs on,
/// so that the caches of two processors do not pass a line to and fro. A thread that is moved between the question and the
/// count adds to another's stripe, which costs a little and is not wrong: each count is one atomic instruction. Who reads
/// adds the stripes up. A process that is killed has counted or has not; nothing is lost with it and nothing is to be
/// repaired.
public struct SharedCounters: Sendable {
    /// How many stripes there are; on larger machines some processors share one.
    public static let stripes = 32

    let words: SharedWords
    /// How many there are.
    public let count: Int
    let stripe: Int

    /// Adds to one of them, wrapping around; the index has to be less than ``count``.
    public func add(_ value: UInt64, to index: Int) {
        precondition(index >= 0 && index < count, "beyond the counters")
        words.add(Processor.current % Self.stripes * stripe + index, value)
    }

    /// The sum of one of them over all stripes.
    public func total(of index: Int) -> UInt64 {
        precondition(index >= 0 && index < count, "beyond the counters")
        return (0..<Self.stripes).reduce(0) { $0 &+ words.load($1 * stripe + index) }
    }

    /// The sums of the first ones, each of them right, though not all as of one moment.
    public func totals(ofFirst number: Int) -> [UInt64] {
        precondition(number >= 0 && number <= count, "beyond the counters")
        var totals = [UInt64](repeating: 0, count: number)
        for first in 0..<Self.stripes {
            for index in 0..<number { totals[index] &+= words.load(first * stripe + index) }
        }
        return totals
    }
}
