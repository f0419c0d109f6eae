internal import CLinux
internal import Glibc
internal import Synchronization

/// A set of descriptor numbers to which any number of threads add and from which they take, none of which ever waits.
///
/// One byte for each number that the process may have, in memory that the kernel provides when it is first touched.
@safe
public final class DescriptorSet: Sendable {
    // Only ever used through atomic operations, within the capacity.
    nonisolated(unsafe) private let members: UnsafeMutableRawPointer?
    private let capacity: Int
    /// One more than the largest number that was ever in the set.
    private let bound = Atomic(0)

    /// Makes an empty set for the descriptors that this process may have.
    public init() {
        // The largest that fs.nr_open is by default.
        let wanted = Int(min(linux_descriptor_limit(), 1 << 20))
        // So much comes from the kernel, which gives pages of zeros as they are touched.
        unsafe members = calloc(wanted, 1)
        capacity = unsafe members == nil ? 0 : wanted
    }

    deinit {
        unsafe free(members)
    }

    /// Adds a number; false where it is beyond what the process may have had when the set was made.
    public func insert(_ number: Int32) -> Bool {
        guard let place = unsafe place(of: number) else { return false }
        // Nothing is written once it is as large as it gets: all threads have this word.
        if bound.load(ordering: .sequentiallyConsistent) <= Int(number) {
            bound.max(Int(number) + 1, ordering: .sequentiallyConsistent)
        }
        _ = unsafe linux_exchange_byte(place, 1)
        return true
    }

    /// Takes a number out; false where it was not in the set, or another thread has taken it.
    public func remove(_ number: Int32) -> Bool {
        guard let place = unsafe place(of: number) else { return false }
        return unsafe linux_exchange_byte(place, 0) == 1
    }

    /// The numbers, each of which another thread may take meanwhile.
    public var numbers: [Int32] {
        places.lazy.map(Int32.init).filter(holds)
    }

    /// Whether none is in the set.
    public var isEmpty: Bool { !places.contains { holds(Int32($0)) } }

    private var places: Range<Int> { 0..<bound.load(ordering: .sequentiallyConsistent) }

    private func holds(_ number: Int32) -> Bool {
        guard let place = unsafe place(of: number) else { return false }
        return unsafe linux_load_byte(place) == 1
    }

    private func place(of number: Int32) -> UnsafeMutablePointer<UInt8>? {
        guard number >= 0, Int(number) < capacity else { return nil }
        // Within the capacity, and bytes that nobody has bound to another type.
        return unsafe members?.advanced(by: Int(number)).assumingMemoryBound(to: UInt8.self)
    }
}
