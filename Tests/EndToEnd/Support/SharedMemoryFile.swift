import Linux
import SharedMemory

/// The file in /dev/shm that the processes of an instance share.
enum SharedMemoryFile {
    static func path(of directory: String) throws -> String {
        try SegmentName(program: "gatehouse", directory: directory).path
    }

    /// The process that holds the write lock of a directory's database, 0 where nobody does.
    static func writeLockHolder(of directory: String) throws -> Int32 {
        // The mutex record stands at 8192, the holder's process id at 48 in it.
        let bytes = try Files.read(try path(of: directory), limit: 64 << 20)
        guard bytes.count > 8192 + 64 else { throw Failure("the file is no segment") }
        return bytes[8192 + 48..<8192 + 52].reversed().reduce(0) { $0 << 8 | Int32($1) }
    }
}
