internal import SQLite

/// Where the database is and how sessions use it.
public struct DatabaseOptions: Sendable {
    /// When a commit counts as done.
    public enum Durability: Sendable {
        /// An acknowledged change survives power loss.
        case powerLoss
        /// An acknowledged change survives the end of the process; power loss
        /// can take the newest ones back. The database stays whole.
        case processEnd
    }

    /// The path of the database file, on a local file system.
    public var path: String
    /// When a commit counts as done.
    public var durability: Durability
    /// How long a transaction waits for the write lock, and a statement for SQLite's.
    public var busyTimeout: Duration
    /// What every writer of this database takes first.
    public var writeLock: any WriteLock
    /// With whom sessions share the sync of the log that ``Durability/powerLoss`` asks for; nil: each commit has its own.
    public var groupCommit: GroupCommit?
    /// What learns of every commit, before the caller does.
    public var observer: (any CommitObserver)?
    /// Memory for pages in each session, in bytes.
    public var cacheBytes: Int
    /// To which size, in bytes, the file of the write-ahead log is cut back when the log starts anew after a checkpoint.
    ///
    /// A file that grows costs the journal of the file system with each sync, one that is written again from its beginning
    /// does not: so it should have room for what is written between two checkpoints.
    public var journalSizeLimit: Int

    /// What a log's file keeps by default, in bytes: room for some 2,700 changes of six pages between two checkpoints.
    public static let journalRoom = 64 << 20

    /// Options with the defaults for serving requests.
    public init(
        path: String,
        durability: Durability = .powerLoss,
        busyTimeout: Duration = .seconds(5),
        observer: (any CommitObserver)? = nil,
        cacheBytes: Int = 2 << 20,
        journalSizeLimit: Int = journalRoom,
        writeLock: any WriteLock = SQLiteWriteLock(),
        groupCommit: GroupCommit? = nil
    ) {
        self.path = path
        self.durability = durability
        self.busyTimeout = busyTimeout
        self.observer = observer
        self.cacheBytes = cacheBytes
        self.journalSizeLimit = journalSizeLimit
        self.writeLock = writeLock
        self.groupCommit = groupCommit
    }

    /// Opens a connection; one that does not sync its commits leaves that to its owner.
    func connect(_ access: ConnectionOptions.Access = .create, syncsCommits: Bool = true) throws -> Connection {
        let options = ConnectionOptions(
            synchronous: durability == .powerLoss && syncsCommits ? .full : .normal,
            busyTimeout: busyTimeout,
            cacheBytes: cacheBytes,
            journalSizeLimit: journalSizeLimit,
            access: access
        )
        do throws(SQLiteError) {
            return try Connection(path: path, options: options)
        } catch {
            // SQLite does not say which file.
            throw DatabaseError(SQLiteError(code: error.code, message: error.message, statement: "open \(path)"))
        }
    }
}
