internal import Linux
internal import Synchronization

/// How heavy requests are kept apart from all others (the bulkhead pattern; Nygard, "Release It!", 2nd edition, 5.3).
///
/// Heavy is what takes a thousand times as long as a read by its nature, such as hashing a password. In one queue with
/// everything else, a flood of it would fill the threads, and what is refused in a moment would come again at once. Here it
/// waits without a thread, for as long as the options say, and for threads of its own.
public struct HeavyLaneOptions: Sendable {
    /// The number of threads that serve heavy requests and nothing else; 1 at least.
    public let threads: Int
    /// How many heavy requests may wait for one of them.
    public let backlog: Int
    /// How long one may wait, in nanoseconds; what waits longer is turned away within a tenth of a second.
    public let patience: Int64

    /// Gathers the options.
    public init(threads: Int, backlog: Int, patience: Int64) {
        self.threads = threads
        self.backlog = backlog
        self.patience = patience
    }
}

/// The heavy requests of a worker that wait for one of the lane's threads: each costs a descriptor and no thread.
///
/// Who comes first is served first.
final class HeavyLane: Sendable {
    /// A request that has arrived whole and that nobody has read.
    struct Waiting: Equatable {
        let connection: Int32
        /// What `Request.adopt` needs to know.
        let head: Int?
        let isWatched: Bool
        fileprivate(set) var deadline: Int64 = .max
    }

    let options: HeavyLaneOptions
    private let queue = Mutex<[Waiting]>([])
    /// One permit for each request that was added, and one for each thread that is to end.
    private let arrivals = Semaphore(permits: 0)
    private let isEnding = Atomic(false)

    init(options: HeavyLaneOptions) {
        self.options = options
    }

    /// True where nothing waits.
    var isEmpty: Bool { queue.withLock(\.isEmpty) }

    /// Lets a request wait; false, and it stays the caller's, where too many do.
    func add(_ request: Waiting, now: Int64) -> Bool {
        let isAdded = queue.withLock { queue in
            guard queue.count < options.backlog else { return false }
            queue.append(request)
            queue[queue.count - 1].deadline = now + options.patience
            return true
        }
        if isAdded { arrivals.signal() }
        return isAdded
    }

    /// Waits until there may be a request to take; false where the thread is to end.
    func wait() -> Bool {
        // It may have been woken for one that was turned away since.
        while !arrivals.wait(nanoseconds: .max) {}
        return !isEnding.load(ordering: .sequentiallyConsistent)
    }

    /// Takes the request that has waited longest, which is the caller's from here on.
    func take() -> Waiting? {
        queue.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    /// Takes those that have waited too long.
    func takeOverdue(now: Int64) -> [Waiting] {
        queue.withLock { queue in
            // All have the same patience, so that they stand in the order of their deadlines.
            let overdue = queue.prefix { $0.deadline < now }
            queue.removeFirst(overdue.count)
            return Array(overdue)
        }
    }

    /// Has the threads leave when they have finished what they serve.
    func end() {
        isEnding.store(true, ordering: .sequentiallyConsistent)
        for _ in 0..<options.threads { arrivals.signal() }
    }
}
