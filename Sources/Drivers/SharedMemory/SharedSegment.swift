internal import CLinux
internal import Glibc
internal import Linux

/// Memory that all processes of an instance share: one file in /dev/shm, mapped.
///
/// The supervisor and every command that writes open it by name; workers get its descriptor. It is there until the
/// machine restarts: reloads, upgrades and a killed supervisor change nothing, so that a lock is always the same lock. It
/// has two parts. The first (``FirstPart``) never changes: the write lock of the database and the cache generations. The
/// second is described by a ``SegmentLayout``, and every layout has its own piece of the file.
///
/// All of it is for any thread at once. Everything got from a segment keeps the memory mapped.
///
/// ## Which file is trusted
///
/// One that is a regular file of this user, with permissions 0600, of this boot and this directory, whose size holds all
/// that it lists. Another is never read and never cut. It is made anew, under another inode, where it is ours to remove
/// and nobody uses it: a half-made file of who was killed, a file of another boot. Otherwise opening it is an error that
/// says what is wrong; two processes with two segments would have two write locks. But for the boot: who uses a file
/// lives, so that it is of this boot whatever it says. In containers with a boot id of their own (systemd-nspawn, LXC) a
/// service whose /proc is its own sees that of the machine. Not defended against: another process
/// of this user that writes into the memory or cuts the file, and people who remove a file that is in use. (logind does
/// so with `RemoveIPC=yes` when a user who is no system user logs out: run the program as a system user.)
public final class SharedSegment: Sendable {
    /// How long opening waits for others that are opening.
    public static let openPatience = Duration.seconds(5)

    private let file: FileDescriptor
    private let first: MappedMemory
    private let second: MappedMemory
    private let layout: SegmentLayout
    /// 16 random bytes, the same for all processes: the seed of keyed hashes.
    public let seed: [UInt8]

    /// Opens the segment of a directory, or makes it.
    ///
    /// Blocks while others open it, up to `patience`. Any number of processes may call it at once, and all get the same.
    ///
    /// - Throws: ``SharedMemoryError``: untrusted, openTimeout, full where the file has no place for one more layout
    ///   and is in use, or system.
    public static func open(
        _ name: SegmentName,
        layout: SegmentLayout,
        patience: Duration = SharedSegment.openPatience
    ) throws(SharedMemoryError) -> SharedSegment {
        let deadline = Deadline(in: patience)
        let boot = try bootID()
        let directory = Array(name.directory.utf8)
        // A second try finds a file of its own making; more are needed only beside others that do the same.
        while true {
            let file = try SegmentFile.locked(path: name.path, until: deadline)
            switch try file.verdict(boot: boot, directory: directory) {
            case .new:
                try make(file, boot: boot, directory: directory)
                return try SharedSegment(file, size: FirstPart.byteCount, layout)
            case .sound(let size):
                if try hasRoom(file, size: size, layout) { return try SharedSegment(file, size: size, layout) }
                guard try file.removeIfUnused() else { throw noRoom }
            case .ofOtherBoot(let size):
                if try file.removeIfUnused() { continue }
                guard try hasRoom(file, size: size, layout) else { throw noRoom }
                return try SharedSegment(file, size: size, layout)
            case .untrusted(let reason):
                guard reason.isReplaceable, try file.removeIfUnused() else {
                    throw .untrusted(path: name.path, reason)
                }
            }
        }
    }

    /// Opens the segment whose descriptor another process has handed to this one.
    ///
    /// The descriptor stays the caller's, and may be closed afterwards. Blocks as ``open(_:layout:patience:)`` does, and
    /// works where the file's name has gone meanwhile.
    ///
    /// - Throws: ``SharedMemoryError``; the file is never made anew.
    public static func attach(
        descriptor: Int32,
        layout: SegmentLayout,
        patience: Duration = SharedSegment.openPatience
    ) throws(SharedMemoryError) -> SharedSegment {
        let file = try SegmentFile.locked(handed: descriptor, until: Deadline(in: patience))
        switch try file.verdict(boot: try bootID(), directory: nil) {
        case .new: throw .untrusted(path: "descriptor \(descriptor)", .notSegment)
        case .untrusted(let reason): throw .untrusted(path: "descriptor \(descriptor)", reason)
        case .sound(let size), .ofOtherBoot(let size):
            guard try hasRoom(file, size: size, layout) else { throw noRoom }
            return try SharedSegment(file, size: size, layout)
        }
    }

    /// Takes over a sound file that is locked, finds or makes the second part, and unlocks it.
    private init(_ file: consuming SegmentFile, size: Int, _ layout: SegmentLayout) throws(SharedMemoryError) {
        try file.join()
        let first = try MappedMemory(file.descriptor, offset: 0, count: FirstPart.byteCount)
        second = try Self.secondPart(file, size: size, layout, first)
        seed = first.bytes(at: FirstPart.seedOffset, count: 16)
        self.first = first
        self.layout = layout
        file.unlock()
        self.file = file.release()
    }

    private static let noRoom = SharedMemoryError.full(what: "one more layout", wanted: 1, available: 0)

    /// The number of the segment's descriptor, for a child; valid while this object lives.
    public var descriptor: Int32 { file.number }

    // MARK: - The first part

    /// The one write lock of the directory's database.
    public var writeLock: SharedMutex {
        SharedMutex(memory: first, offset: FirstPart.writeLockOffset, name: "database write")
    }

    /// 65,536 generations of cached things.
    public var generations: SharedWords {
        SharedWords(memory: first, offset: FirstPart.generationsOffset, stride: 8, count: FirstPart.generations)
    }

    // MARK: - The second part

    /// The words of a part; throws ``SharedMemoryError/noSuchPart(name:)`` for one of another layout.
    public func words(_ words: WordsPart) throws(SharedMemoryError) -> SharedWords {
        let part = try known(words.part)
        return SharedWords(memory: second, offset: part.offset, stride: part.stride, count: part.count)
    }

    /// The counters of a part; throws ``SharedMemoryError/noSuchPart(name:)`` for one of another layout.
    public func counters(_ counters: CountersPart) throws(SharedMemoryError) -> SharedCounters {
        SharedCounters(words: try words(counters.words), count: counters.count, stripe: counters.stripe)
    }

    /// The mutex of a part; throws ``SharedMemoryError/noSuchPart(name:)`` for one of another layout.
    public func mutex(_ mutex: MutexPart) throws(SharedMemoryError) -> SharedMutex {
        let part = try known(mutex.part)
        return SharedMutex(memory: second, offset: part.offset, name: part.name)
    }

    /// The mutexes of a part; throws ``SharedMemoryError/noSuchPart(name:)`` for one of another layout.
    public func mutexes(_ mutexes: MutexesPart) throws(SharedMemoryError) -> SharedMutexes {
        let part = try known(mutexes.part)
        return SharedMutexes(memory: second, offset: part.offset, name: part.name, count: part.count)
    }

    /// The permits of a part; throws ``SharedMemoryError/noSuchPart(name:)`` for one of another layout.
    public func permits(_ permits: PermitsPart) throws(SharedMemoryError) -> SharedPermits {
        let part = try known(permits.part)
        return SharedPermits(memory: second, offset: part.offset, name: part.name, count: part.count)
    }

    /// The records of a part; throws ``SharedMemoryError/noSuchPart(name:)`` for one of another layout.
    public func records(_ records: RecordsPart) throws(SharedMemoryError) -> SharedRecords {
        let part = try known(records.part)
        return SharedRecords(
            memory: second,
            offset: part.offset,
            stride: part.stride,
            words: records.words,
            name: part.name,
            count: part.count
        )
    }

    private func known(_ part: SegmentPart) throws(SharedMemoryError) -> SegmentPart {
        guard layout.parts.contains(part) else { throw .noSuchPart(name: part.name) }
        return part
    }

    // MARK: - Making

    private static func bootID() throws(SharedMemoryError) -> [UInt8] {
        do throws(SystemError) {
            let text = try Files.read("/proc/sys/kernel/random/boot_id", limit: 64)
            let digits = text.compactMap { Character(Unicode.Scalar($0)).hexDigitValue.map(UInt8.init) }
            guard digits.count == 32 else { throw SystemError("read the boot id", errorNumber: EINVAL) }
            return (0..<16).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] }
        } catch {
            throw .system(error)
        }
    }

    private static func make(
        _ file: borrowing SegmentFile,
        boot: [UInt8],
        directory: [UInt8]
    ) throws(SharedMemoryError) {
        try file.prepare()
        let memory = try MappedMemory(file.descriptor, offset: 0, count: FirstPart.byteCount)
        memory.store(FirstPart.formatOffset, FirstPart.format)
        memory.copyIn(boot, at: FirstPart.bootOffset)
        memory.copyIn(try randomBytes(), at: FirstPart.seedOffset)
        memory.store(FirstPart.directoryLengthOffset, UInt64(directory.count))
        memory.copyIn(directory, at: FirstPart.directoryOffset)
        try makeMutex(in: memory, at: FirstPart.writeLockOffset)
        memory.store(FirstPart.magicOffset, FirstPart.magic)
    }

    private static func randomBytes() throws(SharedMemoryError) -> [UInt8] {
        var words: (UInt64, UInt64) = (0, 0)
        // The tuple has 16 bytes and lives for the length of the call.
        guard unsafe linux_random(&words, 16) == 0 else {
            throw .system(SystemError("getrandom", errorNumber: linux_errno()))
        }
        return [words.0, words.1].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }

    private static func hasRoom(
        _ file: borrowing SegmentFile,
        size: Int,
        _ layout: SegmentLayout
    ) throws(SharedMemoryError) -> Bool {
        let memory = try MappedMemory(file.descriptor, offset: 0, count: FirstPart.byteCount)
        let entries = FirstPart.entries(in: memory, fileSize: size) ?? []
        return entries.count < FirstPart.entries || entries.contains { $0.fingerprint == layout.fingerprint }
    }

    /// Maps the piece of the file that has this layout; where there is none, makes it at the end.
    private static func secondPart(
        _ file: borrowing SegmentFile,
        size: Int,
        _ layout: SegmentLayout,
        _ first: MappedMemory
    ) throws(SharedMemoryError) -> MappedMemory {
        let entries = FirstPart.entries(in: first, fileSize: size) ?? []
        let fingerprint = layout.fingerprint
        if let entry = entries.first(where: { $0.fingerprint == fingerprint }) {
            // Two layouts of one fingerprint and different sizes are a collision, or worse.
            guard entry.size == layout.size else { throw .noSuchPart(name: "place for this layout") }
            return try MappedMemory(file.descriptor, offset: entry.offset, count: entry.size)
        }
        let offset = entries.map { $0.offset + $0.size }.max() ?? FirstPart.byteCount
        try file.grow(to: offset + layout.size)
        let memory = try MappedMemory(file.descriptor, offset: offset, count: layout.size)
        // Somebody who was killed here may have begun a piece.
        memory.clear()
        for part in layout.parts where part.kind != .words {
            for index in 0..<part.count { try makeMutex(in: memory, at: part.offset + index * part.stride) }
        }
        let entry = FirstPart.Entry(fingerprint: fingerprint, offset: offset, size: layout.size)
        FirstPart.append(entry, version: layout.version, at: entries.count, in: first)
        return memory
    }

    private static func makeMutex(in memory: MappedMemory, at offset: Int) throws(SharedMemoryError) {
        let result = memory.mutexInitialize(offset)
        guard result == 0 else { throw .system(SystemError("pthread_mutex_init", errorNumber: result)) }
    }
}
