internal import Glibc

/// What the file system tells of a database's write-ahead log.
///
/// Two equal values mean that nothing was written between them, within the
/// clock tick of the file system (some milliseconds).
public struct WriteAheadLogFile: Equatable, Sendable {
    /// The size of the file in bytes, 0 if there is none.
    ///
    /// The file keeps its size when the log starts anew from its beginning, so
    /// this is not how much there is to copy back.
    public let bytes: Int

    private let modificationSeconds: Int
    private let modificationNanoseconds: Int

    /// Looks at the log beside a database: one `stat`, no open.
    ///
    /// Opening and closing the file here would let go of the locks that SQLite
    /// holds for this process.
    public init(ofDatabaseAt path: String) {
        var status = stat()
        // Sound: both arguments live until the call returns.
        if unsafe stat(path + "-wal", &status) == 0 {
            bytes = Int(status.st_size)
            modificationSeconds = status.st_mtim.tv_sec
            modificationNanoseconds = status.st_mtim.tv_nsec
        } else {
            bytes = 0
            modificationSeconds = 0
            modificationNanoseconds = 0
        }
    }
}
