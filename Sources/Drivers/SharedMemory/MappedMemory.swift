// Public, because words are read and written where they are used; see below.
public import CLinux
internal import Glibc
internal import Linux

/// A part of a file in this process's memory, shared with every process that maps it.
///
/// It is unmapped when the last object that leads into it ends. Sendable: base and size never change, and what is in
/// the memory is read and written only through the atomic calls and mutexes below.
///
/// What reaches a single word can be inlined into other modules: a call for each word cost as much as the rest of a
/// decision about a limit.
@safe @usableFromInline final class MappedMemory: @unchecked Sendable {
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline let count: Int
    /// Of this process, which never forks.
    let processID = UInt64(ThisProcess.id)

    init(_ file: borrowing FileDescriptor, offset: Int, count: Int) throws(SharedMemoryError) {
        // The kernel chooses an address of its own; length and offset were checked against the size of the file.
        guard let base = unsafe linux_map_shared(file.number, count, offset) else {
            throw .system(SystemError("map shared memory", errorNumber: linux_errno()))
        }
        unsafe self.base = base
        self.count = count
    }

    deinit {
        unsafe munmap(base, count)
    }

    /// The address of `length` bytes.
    ///
    /// Every access of this module passes here: nothing beyond the mapping can be named.
    @inline(__always)
    @inlinable func address(_ offset: Int, _ length: Int) -> UnsafeMutableRawPointer {
        precondition(offset >= 0 && length >= 0 && offset <= count &- length, "beyond the shared memory")
        return unsafe base + offset
    }

    @inline(__always)
    @inlinable func word(_ offset: Int) -> UnsafeMutablePointer<UInt64> {
        precondition(offset % 8 == 0, "a word stands at a multiple of 8")
        // Mapped memory has no Swift values in it; it is bound to words here and nowhere to anything else.
        return unsafe address(offset, 8).assumingMemoryBound(to: UInt64.self)
    }

    // In all calls from here on the address lies in the mapping, which lives as long as this object.

    // MARK: - Words

    @inline(__always)
    @inlinable func load(_ offset: Int) -> UInt64 { unsafe linux_word_load(word(offset)) }
    @inline(__always)
    @inlinable func store(_ offset: Int, _ value: UInt64) { unsafe linux_word_store(word(offset), value) }
    @inlinable func loadRelaxed(_ offset: Int) -> UInt64 { unsafe linux_word_load_relaxed(word(offset)) }
    @inlinable func storeRelaxed(_ offset: Int, _ value: UInt64) {
        unsafe linux_word_store_relaxed(word(offset), value)
    }
    @inlinable func add(_ offset: Int, _ value: UInt64) -> UInt64 { unsafe linux_word_add(word(offset), value) }

    func compareExchange(_ offset: Int, expected: UInt64, desired: UInt64) -> UInt64 {
        unsafe linux_word_compare_exchange(word(offset), expected, desired)
    }

    func wait(_ offset: Int, while value: UInt64, nanoseconds: Int64) {
        unsafe linux_word_wait(word(offset), UInt32(truncatingIfNeeded: value), nanoseconds)
    }

    func wakeAll(_ offset: Int) { unsafe linux_word_wake_all(word(offset)) }

    func wait(_ offset: Int, while value: UInt64, in group: UInt32, nanoseconds: Int64) {
        unsafe linux_word_wait_in(word(offset), UInt32(truncatingIfNeeded: value), nanoseconds, group)
    }

    func wake(_ offset: Int, _ count: Int32, of groups: UInt32) {
        unsafe linux_word_wake_groups(word(offset), count, groups)
    }

    func acquireFence() { linux_fence_acquire() }
    func releaseFence() { linux_fence_release() }

    // MARK: - Mutexes

    func mutexInitialize(_ offset: Int) -> Int32 { unsafe linux_robust_mutex_init(address(offset, 48)) }
    func mutexTry(_ offset: Int) -> Int32 { unsafe linux_robust_mutex_try(address(offset, 48)) }
    func mutexConsistent(_ offset: Int) -> Int32 { unsafe linux_robust_mutex_consistent(address(offset, 48)) }
    func mutexUnlock(_ offset: Int) -> Int32 { unsafe linux_robust_mutex_unlock(address(offset, 48)) }

    func mutexLock(_ offset: Int, until deadline: Int64) -> Int32 {
        unsafe linux_robust_mutex_lock_until(address(offset, 48), deadline)
    }

    // MARK: - Bytes, before the memory is shown to anybody else

    func clear() { unsafe memset(base, 0, count) }

    func copyIn(_ bytes: [UInt8], at offset: Int) {
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe memcpy(address(offset, source.count), start, source.count)
        }
    }

    func bytes(at offset: Int, count: Int) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: address(offset, count), count: count))
    }
}
