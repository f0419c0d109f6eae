internal import CLinux
internal import Glibc

/// A counting semaphore between the threads of one process, with a timed wait.
@safe public final class Semaphore: @unchecked Sendable {
    // Sendable: sem_t is made for use by many threads, and its address never changes.
    private let semaphore: UnsafeMutablePointer<sem_t>

    /// Makes one with `permits` to give.
    public init(permits: Int) {
        unsafe semaphore = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe semaphore.initialize(to: sem_t())
        unsafe sem_init(semaphore, 0, UInt32(clamping: permits))
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    /// Takes a permit, waiting at most this long; false when none came free.
    public func wait(nanoseconds: Int64) -> Bool {
        let (sum, isBeyond) = SystemClock.monotonicNanoseconds().addingReportingOverflow(max(0, nanoseconds))
        let deadline = isBeyond ? .max : sum
        while unsafe linux_semaphore_wait_until(semaphore, CLOCK_MONOTONIC, deadline) != 0 {
            if linux_errno() != EINTR { return false }
        }
        return true
    }

    /// Gives a permit back.
    public func signal() {
        unsafe sem_post(semaphore)
    }
}
