/// A row of atomic 64-bit words: counters, gauges, generations.
///
/// Each call is one instruction of the processor and never waits: nothing is to be repaired after a kill, whose victim
/// has made its change whole or not at all. All are sequentially consistent but for `load`, which acquires, and `store`,
/// which releases: who reads a value sees what its writer wrote before.
public struct SharedWords: Sendable {
    @usableFromInline let memory: MappedMemory
    @usableFromInline let offset: Int
    @usableFromInline let stride: Int
    /// How many there are.
    public let count: Int

    /// One of them; the index has to be less than ``count``.
    public subscript(index: Int) -> SharedWord { SharedWord(memory: memory, offset: offset(of: index)) }

    /// Reads one of them, for who reads many: no object is made of it.
    @inline(__always)
    @inlinable public func load(_ index: Int) -> UInt64 { memory.load(offset(of: index)) }

    /// Replaces one of them, for who writes many.
    @inline(__always)
    @inlinable public func store(_ index: Int, _ value: UInt64) { memory.store(offset(of: index), value) }

    /// Adds to one of them, for who counts often: no object is made of it.
    @inline(__always)
    @inlinable public func add(_ index: Int, _ value: UInt64) { _ = memory.add(offset(of: index), value) }

    @inline(__always)
    @inlinable func offset(of index: Int) -> Int {
        precondition(index >= 0 && index < count, "beyond the words")
        // All of them stand in a file, whose length does not overflow.
        return offset &+ index &* stride
    }
}

/// An atomic 64-bit word in shared memory.
public struct SharedWord: Sendable {
    let memory: MappedMemory
    let offset: Int

    /// Reads it.
    public func load() -> UInt64 { memory.load(offset) }

    /// Replaces it.
    public func store(_ value: UInt64) { memory.store(offset, value) }

    /// Adds, wrapping around, and gives the sum; add the two's complement to subtract.
    @discardableResult
    public func add(_ value: UInt64) -> UInt64 { memory.add(offset, value) }

    /// Subtracts, wrapping around, and gives the difference.
    @discardableResult
    public func subtract(_ value: UInt64) -> UInt64 { memory.add(offset, 0 &- value) }

    /// Replaces it where it is `expected`.
    ///
    /// - Returns: What it was before; the exchange was done where that is `expected`.
    public func compareExchange(expected: UInt64, desired: UInt64) -> UInt64 {
        memory.compareExchange(offset, expected: expected, desired: desired)
    }

    /// Sleeps until ``wakeAll()``, unless the word's lower 32 bits differ from those of `value` by now.
    ///
    /// It may also return early, so the caller looks again, and sleeps so many nanoseconds at most: who should wake others
    /// may be killed before.
    public func wait(while value: UInt64, nanoseconds: Int64) {
        memory.wait(offset, while: value, nanoseconds: max(0, nanoseconds))
    }

    /// Wakes all threads of all processes that wait for a change of the word; to be called after it.
    public func wakeAll() { memory.wakeAll(offset) }

    /// As ``wait(while:nanoseconds:)``, in one of 32 groups that can be woken apart.
    ///
    /// The group is a number whose remainder counts, such as that of a ticket.
    public func wait(while value: UInt64, inGroupOf number: UInt64, nanoseconds: Int64) {
        memory.wait(offset, while: value, in: 1 << UInt32(number % 32), nanoseconds: max(0, nanoseconds))
    }

    /// Wakes all who wait in the groups of these numbers, and one of the others, if there is one.
    ///
    /// Who waits in no group is in all of them.
    public func wakeGroups(of numbers: ClosedRange<UInt64>) {
        var groups: UInt32 = .max
        if numbers.upperBound - numbers.lowerBound < 31 {
            groups = 0
            for number in numbers { groups |= 1 << UInt32(number % 32) }
        }
        memory.wake(offset, .max, of: groups)
        if groups != .max { memory.wake(offset, 1, of: ~groups) }
    }
}
