/// The first part of the file, whose layout never changes.
///
/// Programs of all versions share it, so nothing here is ever moved or given another meaning. Sizes are bytes; words
/// have 8 and stand in the machine's own order (a segment never leaves its machine).
///
///     page 0        0  magic, written last of all
///                   8  format of this part, 1
///                  16  boot id, 16 bytes
///                  32  seed for keyed hashes (SipHash), 16 random bytes
///                  64  the list of second parts: 60 entries of 32 bytes, each
///                        0 fingerprint of the layout (0: free entry), written last; 8 version; 16 offset; 24 size
///     page 1     4096  length of the canonical path of the data directory
///                4104  the path
///     page 2     8192  the write lock of the database, a mutex record of 64 bytes (see ``SharedMutex``)
///     page 3    12288  65,536 cache generations, a word each
///            +524,288  the second parts, each from a page's beginning
///
/// ## Killed at any instruction
///
/// Header and entries are written under the file's lock only. The magic is stored after everything else, and so is the
/// fingerprint of an entry: who was killed before it leaves a file without magic, which nobody trusts or uses yet, or a
/// piece at the file's end that no entry names, which the next one clears and uses.
enum FirstPart {
    static let magic: UInt64 = 0x3130_4d47_4553_4847  // "GHSEGM01"
    static let format: UInt64 = 1
    static let page = 4096

    static let magicOffset = 0
    static let formatOffset = 8
    static let bootOffset = 16
    static let seedOffset = 32
    static let directoryLengthOffset = page
    static let directoryOffset = page + 8
    static let longestDirectory = page - 8
    static let writeLockOffset = 2 * page
    static let generationsOffset = 3 * page
    static let generations = 65_536
    static let byteCount = generationsOffset + generations * 8

    static let entries = 60

    /// An entry of the list of second parts.
    struct Entry {
        let fingerprint: UInt64
        let offset: Int
        let size: Int
    }

    private static func entryOffset(_ index: Int) -> Int { 64 + index * 32 }

    /// Entries in use; nil where one cannot be: not on a page's beginning, or beyond the file.
    static func entries(in memory: MappedMemory, fileSize: Int) -> [Entry]? {
        var found: [Entry] = []
        for index in 0..<entries {
            let at = entryOffset(index)
            let fingerprint = memory.load(at)
            if fingerprint == 0 { break }
            guard let offset = Int(exactly: memory.load(at + 16)), let size = Int(exactly: memory.load(at + 24)),
                offset >= byteCount, offset % page == 0, size > 0, size % page == 0, size <= SegmentLayout.largest,
                offset <= fileSize - size
            else { return nil }
            found.append(Entry(fingerprint: fingerprint, offset: offset, size: size))
        }
        return found
    }

    /// Makes an entry known.
    static func append(_ entry: Entry, version: Int, at index: Int, in memory: MappedMemory) {
        let at = entryOffset(index)
        memory.store(at + 8, UInt64(version))
        memory.store(at + 16, UInt64(entry.offset))
        memory.store(at + 24, UInt64(entry.size))
        memory.store(at, entry.fingerprint)
    }
}
