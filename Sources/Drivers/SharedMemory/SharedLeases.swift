/// Leases on names: who works on something keeps everybody else from beginning the same work.
///
/// A lease is a record whose robust mutex its thread holds while it works, so that the kernel takes it back from who is
/// killed, and whoever comes next takes it over. A name of 128 bits has a group of eight records, in which it may stand
/// in any; a lock for each group is held while the eight are looked at.
public struct SharedLeases: Sendable {
    /// Where leases stand in a layout.
    public struct Parts: Sendable {
        static let groups = 64
        static let size = 8

        let guards: MutexesPart
        let records: RecordsPart

        /// Adds 512 leases, some 68 KiB.
        public init(_ name: String, in layout: inout SegmentLayout) throws(SharedMemoryError) {
            guards = try layout.addMutexes("\(name) groups", count: Self.groups)
            records = try layout.addRecords(name, count: Self.groups * Self.size, words: 2)
        }
    }

    /// What came of asking for a lease.
    public enum Outcome {
        /// It is this thread's until the object ends.
        case taken(Lease)
        /// Somebody who lives has it.
        case held
        /// All leases of the group are others'.
        case full
    }

    /// A lease that its thread holds; it ends with the object.
    ///
    /// Not Sendable: it belongs to the thread that took it.
    public final class Lease {
        private let writer: RecordWriter

        init(_ writer: consuming RecordWriter) {
            self.writer = writer
        }
    }

    // Held while eight records are looked at: who waits longer waits for a process that was stopped.
    private static let patience = Duration.milliseconds(100)

    private let guards: SharedMutexes
    private let records: SharedRecords

    /// Finds the leases in a segment of their layout.
    public init(_ segment: SharedSegment, _ parts: Parts) throws(SharedMemoryError) {
        guards = try segment.mutexes(parts.guards)
        records = try segment.records(parts.records)
    }

    /// Takes the lease on a name, unless somebody has it.
    ///
    /// The halves of a name have to be spread evenly, as those of a digest are. Blocks for a moment.
    ///
    /// - Throws: ``SharedMemoryError/lockTimeout(name:holder:)`` beside a process that was stopped in the middle of this.
    public func take(high: UInt64, low: UInt64) throws -> Outcome {
        let group = Int(low % UInt64(Parts.groups))
        let first = group * Parts.size
        return try guards.withLock(at: group, timeout: Self.patience) { _ in
            var free: Int?
            for index in first..<(first + Parts.size) {
                let isFree = try records.writer(of: index) == nil
                if isFree {
                    free = free ?? index
                } else if records.read(index) == [high, low] {
                    return .held
                }
            }
            // Nobody else takes one of this group meanwhile.
            guard let free, let writer = try records.claim(at: free) else { return .full }
            writer.write { words in
                words[0] = high
                words[1] = low
            }
            return .taken(Lease(writer))
        }
    }
}
