internal import Caching
internal import Database
internal import Events
internal import Linux
internal import Observability
internal import RateLimiting
internal import SharedMemory
internal import WorkerPool

/// What all processes of an instance share in memory, and where it is in the segment.
struct SharedState {
    /// Some 2.5 MiB.
    ///
    /// Several times the addresses and users that a site has in an hour. With more at once the least busy are
    /// forgotten, and who is blocked stays so.
    private static let limitSlots = 32_768
    /// The most that `passwords.concurrent` may be.
    static let mostPasswordPermits = 64

    private let segment: SharedSegment
    private let limits: SharedRateLimiter.Parts
    private let counters: CacheCounters.Parts
    private let permits: PermitsPart
    private let activityParts: PoolActivity.Parts
    private let leaseParts: SharedLeases.Parts
    /// What all processes count; one object in each process.
    let metrics: MetricRegistry
    private let boardParts: PoolBoard.Parts

    /// What lets writers share the sync of the log.
    let groupCommit: GroupCommit

    /// What wakes those who tell others of what happened.
    let eventSignal: EventSignal

    /// What wakes the one who calls out to other hosts that something was committed.
    let commitSignal: EventSignal

    /// Until when the workers may give what they remember, where the database is on a server.
    let cacheLease: CacheLease

    private let hostNumberWord: SharedWord

    /// What tells this host from others on the same database; made up by the first process that asks.
    var hostNumber: UInt64 {
        let number = UInt64.random(in: 1...(.max))
        let found = hostNumberWord.compareExchange(expected: 0, desired: number)
        return found == 0 ? number : found
    }

    /// Opens the segment of a data directory, or makes it: for the supervisor, and for commands that write.
    ///
    /// - Throws: ``Failure`` where it cannot be used: without it nobody may write.
    init(of directory: String) throws {
        do {
            let name = try SegmentName(program: "gatehouse", directory: directory)
            try self.init { layout throws(SharedMemoryError) in try .open(name, layout: layout) }
        } catch {
            throw Failure("the memory that the processes of \(directory) share cannot be used: \(error)")
        }
    }

    /// Opens the segment of a pool, for commands that show or change what the pool has in memory.
    ///
    /// - Throws: ``Failure`` where there is no such directory, or where the pool runs as another user: each user has a
    ///   segment of their own, and this one's would be made here, empty.
    init(ofPoolIn directory: DataDirectory) throws {
        try directory.checkAccess()
        let owner: UInt32?
        do throws(SystemError) {
            owner = try FileStatus(of: directory.lockFile).owner
        } catch {
            guard error.isMissing else { throw error }
            owner = nil
        }
        if let owner, owner != ThisProcess.user {
            throw Failure(
                "the pool of \(directory.path) runs as user \(owner), whose memory this is: run it as that user"
            )
        }
        try self.init(of: directory.path)
    }

    /// Takes the segment that the supervisor has handed over.
    init(handed file: borrowing FileDescriptor) throws {
        let number = file.number
        try self.init { layout throws(SharedMemoryError) in try .attach(descriptor: number, layout: layout) }
    }

    private init(_ open: (SegmentLayout) throws(SharedMemoryError) -> SharedSegment) throws {
        var layout = SegmentLayout(version: 1)
        limits = try SharedRateLimiter.Parts(slots: Self.limitSlots, in: &layout)
        counters = try CacheCounters.Parts(in: &layout)
        permits = try layout.addPermits("password hash", count: Self.mostPasswordPermits)
        activityParts = try PoolActivity.Parts(in: &layout)
        leaseParts = try SharedLeases.Parts("change leases", in: &layout)
        let metricParts = try MetricRegistry.Parts(in: &layout)
        boardParts = try PoolBoard.Parts(in: &layout)
        let groupCommitParts = try GroupCommit.Parts(in: &layout)
        let signalParts = try EventSignal.Parts(in: &layout)
        let commitSignalParts = try EventSignal.Parts(in: &layout, name: "commit signal")
        let leasePart = try layout.addWords("cache lease", count: 1, isSpread: true)
        let hostPart = try layout.addWords("host number", count: 1)
        segment = try open(layout)
        metrics = try MetricRegistry(segment, metricParts)
        groupCommit = try GroupCommit(segment, groupCommitParts)
        eventSignal = try EventSignal(segment, signalParts)
        commitSignal = try EventSignal(segment, commitSignalParts)
        cacheLease = CacheLease(try segment.words(leasePart)[0])
        hostNumberWord = try segment.words(hostPart)[0]
    }

    /// The segment's descriptor, for other processes of the pool; valid while this value lives.
    var descriptor: Int32 { segment.descriptor }

    /// What every writer of the database takes first.
    var writeLock: SharedWriteLock { SharedWriteLock(segment) }

    /// A limiter for one thread.
    func makeLimiter() throws -> SharedRateLimiter {
        try SharedRateLimiter(segment, limits, clock: SystemClock.boottimeNanoseconds)
    }

    /// The generations of everything that is cached.
    var generations: SharedGenerations { SharedGenerations(segment) }

    /// Whether this process has the segment in its memory.
    var isMapped: Bool { segment.descriptor >= 0 }

    /// The sums of all caches.
    var cacheCounters: CacheCounters {
        get throws { try CacheCounters(segment, counters) }
    }

    /// How many passwords are hashed at once on the machine.
    var passwordPermits: SharedPermits {
        get throws { try segment.permits(permits) }
    }

    /// What supervisor and workers say of themselves.
    var board: PoolBoard {
        get throws { try PoolBoard(segment, boardParts) }
    }

    /// Who makes the changes that clients have given names of their own.
    var changeLeases: SharedChangeLeases {
        get throws { SharedChangeLeases(try SharedLeases(segment, leaseParts)) }
    }

    /// What the threads of the pool do, and how often things have happened.
    var activity: PoolActivity {
        get throws { try PoolActivity(segment, activityParts) }
    }
}
