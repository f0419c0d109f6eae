/// How a connection is opened.
///
/// What is not here is fixed, see ``Connection/init(path:options:)``.
public struct ConnectionOptions: Sendable {
    /// When a commit counts as done.
    public enum Synchronous: String, Sendable {
        /// The log is on the disk: an acknowledged commit survives power loss.
        case full = "FULL"
        /// The log is in the operating system's hands: an acknowledged commit
        /// survives the end of the process, and power loss can take the newest
        /// ones back. The database stays whole.
        case normal = "NORMAL"
    }

    /// What the connection may do with the file.
    public enum Access: Sendable {
        /// Read and write, and make the file (mode 0600) if there is none.
        case create
        /// Read and write a file that exists.
        case readWrite
        /// Only read. The log's index beside the file must still be writable.
        case readOnly
        /// Only read a file that nobody changes, such as a backup: no locks,
        /// no log, and nothing is made beside it.
        case unchanging

        var mayWrite: Bool { self == .create || self == .readWrite }
    }

    /// When a commit counts as done.
    public var synchronous: Synchronous
    /// How long a statement waits for a lock before it fails with `busy`.
    public var busyTimeout: Duration
    /// Memory for pages, in bytes, rounded down to KiB.
    ///
    /// Every commit of another connection empties the cache, and the operating
    /// system caches the file as well: a small one is enough.
    public var cacheBytes: Int
    /// To which size, in bytes, the write-ahead log is cut back when it starts
    /// anew after a checkpoint.
    public var journalSizeLimit: Int
    /// What the connection may do with the file.
    public var access: Access

    /// Options with the defaults for serving requests.
    public init(
        synchronous: Synchronous = .full,
        busyTimeout: Duration = .seconds(5),
        cacheBytes: Int = 2 << 20,
        journalSizeLimit: Int = 4 << 20,
        access: Access = .create
    ) {
        self.synchronous = synchronous
        self.busyTimeout = busyTimeout
        self.cacheBytes = cacheBytes
        self.journalSizeLimit = journalSizeLimit
        self.access = access
    }
}
