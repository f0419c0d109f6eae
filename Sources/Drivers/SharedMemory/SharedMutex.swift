internal import CLinux
internal import Glibc
internal import Linux

/// A lock between the threads of all processes that map the segment.
///
/// It is a robust mutex (pthread_mutexattr_setrobust(3)): when its holder dies, even by kill -9 and between any two
/// instructions, the kernel gives it to the next who waits. It belongs to the thread that took it. Every wait has an end,
/// because robust does not help against a holder that was stopped (SIGSTOP, a debugger, a frozen cgroup).
///
/// ## Record, 64 bytes
///
///      0  pthread_mutex_t, at most 48 bytes
///     48  the holder's process id, for people; 0 when free. May lag behind, and decides nothing.
///     56  bit 63: a holder died and nobody has repaired yet; bits 0 to 62: how many have died
///
/// Killed between taking the mutex and setting bit 63, the next one is told by the kernel again. The bit is cleared only
/// after the body has returned, so a body that was told to repair and was killed, or threw, leaves the task to the next.
///
/// ## Waiting
///
/// By CLOCK_MONOTONIC, which no one sets, and 20 ms at a time: an unlock wakes one waiter, and if that one has been
/// stopped, the others would sleep to their ends though the lock is free.
public struct SharedMutex: Sendable {
    static let recordSize = 64

    let memory: MappedMemory
    let offset: Int
    /// What errors call it.
    public let name: String

    /// Runs `body` while holding the lock.
    ///
    /// Blocks up to `timeout`. Not to be nested in itself.
    ///
    /// - Parameters:
    ///   - timeout: how long to wait; zero takes the lock only where it is free.
    ///   - body: is told whether an earlier holder died and what the lock protects may be half done.
    /// - Returns: What `body` returns.
    /// - Throws: ``SharedMemoryError``, then `body` was not run; or what `body` throws.
    @inlinable public func withLock<Result>(
        timeout: Duration,
        _ body: (_ needsRepair: Bool) throws -> Result
    ) throws -> Result {
        let needsRepair = try lock(timeout: timeout)
        let result: Result
        do {
            result = try body(needsRepair)
        } catch {
            unlock(isRepaired: false)
            throw error
        }
        unlock(isRepaired: needsRepair)
        return result
    }

    /// The process that holds the lock as far as anybody knows, 0 when it is free.
    public var holder: Int32 { memory.holder(offset) }

    /// How many holders have died with the lock since the segment was made.
    public var deaths: Int { memory.deaths(offset) }

    @usableFromInline func lock(timeout: Duration) throws(SharedMemoryError) -> Bool {
        let result = memory.take(offset, timeout: timeout)
        guard result == 0 else { throw Self.error(result, name: name, holder: holder) }
        return memory.needsRepair(offset)
    }

    @usableFromInline func unlock(isRepaired: Bool) { memory.give(offset, isRepaired: isRepaired) }

    /// Takes the lock where it is free; false where another has it, be it this thread itself.
    func tryLock() throws(SharedMemoryError) -> Bool {
        switch memory.tryToTake(offset) {
        case 0: return true
        case EBUSY, EDEADLK: return false
        case let result: throw Self.error(result, name: name, holder: holder)
        }
    }

    /// What an error number of taking a lock means.
    static func error(_ number: Int32, name: String, holder: Int32) -> SharedMemoryError {
        switch number {
        case EBUSY, ETIMEDOUT: .lockTimeout(name: name, holder: holder)
        case EDEADLK: .alreadyHeld(name: name)
        default: .unusableLock(name: name, errorNumber: number)
        }
    }
}

/// The record of a mutex at an offset. Free of objects, because a lock may be held for nanoseconds only.
extension MappedMemory {
    private static let slice: Int64 = 20_000_000
    private static let needsRepair: UInt64 = 1 << 63
    /// How often it is looked whether the lock has come free before the kernel is asked.
    ///
    /// Some microseconds in all. Locks that are held for a tenth of one come free meanwhile, where a sleep takes five and
    /// its end as much.
    private static let looks = 50

    /// Takes it, and gives 0 or the error number.
    func take(_ offset: Int, timeout: Duration) -> Int32 {
        var result = mutexTry(offset)
        if result == EBUSY, timeout > .zero { result = takeSoon(offset) }
        if result == EBUSY, timeout > .zero {
            let deadline = Deadline(in: timeout).nanoseconds
            repeat {
                let now = SystemClock.monotonicNanoseconds()
                if now >= deadline { break }
                result = mutexLock(offset, until: min(deadline, now + Self.slice))
            } while result == ETIMEDOUT
        }
        return taken(offset, result)
    }

    /// Takes it where it comes free within a moment.
    ///
    /// The holder's number is looked at and not the mutex: to try that takes the line away from who gives it back.
    private func takeSoon(_ offset: Int) -> Int32 {
        for _ in 0..<Self.looks {
            linux_pause()
            if loadRelaxed(offset + 48) == 0 {
                let result = mutexTry(offset)
                if result != EBUSY { return result }
            }
        }
        return EBUSY
    }

    /// Takes it where it is free, and gives 0 or the error number.
    func tryToTake(_ offset: Int) -> Int32 { taken(offset, mutexTry(offset)) }

    /// Unlocks it.
    func give(_ offset: Int, isRepaired: Bool) {
        if isRepaired { storeRelaxed(offset + 56, loadRelaxed(offset + 56) & ~Self.needsRepair) }
        storeRelaxed(offset + 48, 0)
        // Fails only for a thread that does not hold it, and this one does.
        _ = mutexUnlock(offset)
    }

    /// Whether an earlier holder died, and nobody has repaired yet.
    func needsRepair(_ offset: Int) -> Bool { loadRelaxed(offset + 56) & Self.needsRepair != 0 }

    /// The process that holds it as far as anybody knows, 0 when it is free.
    func holder(_ offset: Int) -> Int32 { Int32(truncatingIfNeeded: loadRelaxed(offset + 48)) }

    /// How many holders have died with it.
    func deaths(_ offset: Int) -> Int { Int(loadRelaxed(offset + 56) & ~Self.needsRepair) }

    /// Notes what taking the mutex gave.
    private func taken(_ offset: Int, _ result: Int32) -> Int32 {
        switch result {
        case 0: break
        case EOWNERDEAD:
            storeRelaxed(offset + 56, (loadRelaxed(offset + 56) &+ 1) | Self.needsRepair)
            _ = mutexConsistent(offset)
        default: return result
        }
        storeRelaxed(offset + 48, processID)
        return 0
    }
}

/// A point of the monotonic clock.
struct Deadline {
    let nanoseconds: Int64

    init(in duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (whole, isLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (length, isLonger) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        let (sum, isBeyond) = SystemClock.monotonicNanoseconds().addingReportingOverflow(max(0, length))
        nanoseconds = isLong || isLonger || isBeyond ? .max : sum
    }
}
