/// A row of locks between processes, for data that is split among them; see ``SharedMutex``.
///
/// Taking one makes no object and retains nothing: for locks that are held for nanoseconds.
public struct SharedMutexes: Sendable {
    let memory: MappedMemory
    let offset: Int
    /// What errors call them.
    public let name: String
    /// How many there are.
    public let count: Int

    /// Runs `body` while holding one of the locks; the index has to be less than ``count``.
    ///
    /// See ``SharedMutex/withLock(timeout:_:)``.
    @inlinable public func withLock<Result>(
        at index: Int,
        timeout: Duration,
        _ body: (_ needsRepair: Bool) throws -> Result
    ) throws -> Result {
        let needsRepair = try lock(index, timeout: timeout)
        let result: Result
        do {
            result = try body(needsRepair)
        } catch {
            unlock(index, isRepaired: false)
            throw error
        }
        unlock(index, isRepaired: needsRepair)
        return result
    }

    @usableFromInline func lock(_ index: Int, timeout: Duration) throws(SharedMemoryError) -> Bool {
        let record = record(index)
        let result = memory.take(record, timeout: timeout)
        guard result == 0 else { throw SharedMutex.error(result, name: name, holder: memory.holder(record)) }
        return memory.needsRepair(record)
    }

    @usableFromInline func unlock(_ index: Int, isRepaired: Bool) { memory.give(record(index), isRepaired: isRepaired) }

    private func record(_ index: Int) -> Int {
        precondition(index >= 0 && index < count, "beyond the locks")
        return offset + index * SharedMutex.recordSize
    }
}
