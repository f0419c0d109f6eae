internal import Linux

/// Permits for work of which a machine can do only so much at once: a semaphore whose holders may die.
///
/// A permit is a robust mutex that its thread holds while it works, so that the kernel takes it back from who is killed;
/// a counter in memory would be short by one for ever. Who waits tries all in turn and sleeps on one of them for 2 ms at
/// most. The order of those who wait is not kept.
///
/// The number in use is the caller's, up to what the layout has, so that a setting can change it without another layout.
public struct SharedPermits: Sendable {
    private static let slice = Duration.milliseconds(2)

    let memory: MappedMemory
    let offset: Int
    /// What errors call them.
    public let name: String
    /// How many the layout has.
    public let count: Int

    /// How many of them are held, as far as anybody knows.
    public var inUse: Int { (0..<count).count { self[$0].holder != 0 } }

    /// Runs `body` while holding one of the first `limit` permits.
    ///
    /// Blocks up to `timeout`. A thread that holds one may take another.
    ///
    /// - Returns: What `body` returns.
    /// - Throws: ``SharedMemoryError/lockTimeout(name:holder:)``, then `body` was not run; or what `body` throws.
    @inlinable public func withPermit<Result>(
        ofFirst limit: Int,
        timeout: Duration,
        _ body: () throws -> Result
    ) throws -> Result {
        let permit = try take(ofFirst: limit, timeout: timeout)
        defer { permit.unlock(isRepaired: true) }
        return try body()
    }

    @usableFromInline func take(ofFirst limit: Int, timeout: Duration) throws(SharedMemoryError) -> SharedMutex {
        let usable = min(max(1, limit), count)
        let deadline = Deadline(in: timeout).nanoseconds
        var next = 0
        while true {
            for index in 0..<usable {
                let permit = self[index]
                if try permit.tryLock() { return permit }
            }
            let left = deadline - SystemClock.monotonicNanoseconds()
            let permit = self[next % usable]
            if left <= 0 { throw .lockTimeout(name: name, holder: permit.holder) }
            next += 1
            do throws(SharedMemoryError) {
                _ = try permit.lock(timeout: min(Self.slice, .nanoseconds(left)))
                return permit
            } catch {
                switch error {
                case .lockTimeout, .alreadyHeld: continue
                default: throw error
                }
            }
        }
    }

    private subscript(index: Int) -> SharedMutex {
        SharedMutex(memory: memory, offset: offset + index * SharedMutex.recordSize, name: name)
    }
}
