public import JSON
internal import Linux

/// The state of a whole pool as one document, made of what its processes say in the memory that they share.
///
/// Making it waits for nobody. docs/cli.md has the members.
public struct PoolReport {
    /// So many requests are listed, the oldest first.
    public static let mostRequests = 1000

    private let supervisor: (process: Int32, entry: SupervisorEntry)?
    private let workers: [(process: Int32, entry: WorkerEntry)]
    private let requests: [ThreadState]
    private let activity: PoolActivity
    private let now: Int64

    /// Looks at the pool; throws `SharedMemoryError`.
    public init(_ board: PoolBoard, _ activity: PoolActivity) throws {
        supervisor = try board.supervisor()
        workers = try board.allWorkers()
        let alive = Set(workers.map(\.process))
        requests = try activity.states()
            .filter { $0.phase != .waiting && alive.contains($0.process) }
            .sorted { $0.since < $1.since }
        self.activity = activity
        now = SystemClock.monotonicNanoseconds()
    }

    /// What is not as it should be, each sentence once.
    public var conditions: [String] {
        var sentences: [String] = []
        for (_, worker) in workers where !worker.condition.isEmpty && !sentences.contains(worker.condition) {
            sentences.append(worker.condition)
        }
        return sentences
    }

    /// Writes the members of the document; `routeName` gives what people call a route, `stageName` what they call how far a request is
    /// on its way.
    public func writeMembers(
        to document: inout JSONWriter,
        routeName: (Int) -> String?,
        stageName: (Int) -> String?
    ) {
        writeSupervisor(to: &document)
        let queue = workers.compactMap(\.entry.queue).max { $0.depth < $1.depth }
        document.member("queue") { value in
            guard let queue else { return value.null() }
            value.object { members in
                members.member("depth", queue.depth)
                members.member("limit", queue.limit)
            }
        }
        document.array("workers") { list in
            for (process, worker) in workers { write(worker, process, to: &list) }
        }
        document.member("requests_running", requests.count)
        document.array("requests") { list in
            for request in requests.prefix(Self.mostRequests) {
                write(request, routeName, stageName, to: &list)
            }
        }
        document.object("totals") { totals in
            totals.member("requests", Int(clamping: activity.total(of: .requests)))
            totals.member("worker_deaths", Int(clamping: activity.total(of: .deaths)))
            totals.member("generations", Int(clamping: activity.total(of: .generations)))
        }
    }

    private func writeSupervisor(to document: inout JSONWriter) {
        document.member("supervisor") { value in
            guard let (process, entry) = supervisor else { return value.null() }
            value.object { members in
                members.member("pid", Int(process))
                members.member("uptime_s", seconds(since: entry.startedAt))
                members.member("memory_bytes", ProcessMemory.ownBytes(of: process))
                members.member("generation", entry.generation)
                members.member("workers", entry.workers)
                members.member("reloading", entry.isReloading)
                members.member("stopping", entry.isStopping)
                members.array("notices") { list in
                    for notice in entry.notices.split(separator: "\n") { list.string(String(notice)) }
                }
            }
        }
        document.member("last_reload") { value in
            guard let reload = supervisor?.entry.lastReload else { return value.null() }
            value.object { members in
                members.member("at", timestamp: reload.at)
                members.member("succeeded", reload.failure == nil)
                members.member("failure", reload.failure)
            }
        }
    }

    private func write(_ worker: WorkerEntry, _ process: Int32, to list: inout JSONWriter) {
        list.object { members in
            members.member("pid", Int(process))
            members.member("generation", worker.generation)
            members.member("slot", worker.slot)
            members.member("phase", worker.isDraining ? "draining" : "serving")
            members.member("uptime_s", seconds(since: worker.startedAt))
            members.member("memory_bytes", ProcessMemory.ownBytes(of: process))
            members.member("threads", worker.threads)
            members.member("busy", requests.count { $0.process == process })
            members.member("kept_connections", worker.kept)
            members.member("condition", worker.condition.isEmpty ? nil : worker.condition)
        }
    }

    private func write(
        _ request: ThreadState,
        _ routeName: (Int) -> String?,
        _ stageName: (Int) -> String?,
        to list: inout JSONWriter
    ) {
        list.object { members in
            members.member("pid", Int(request.process))
            members.member("phase", stageName(request.stage))
            members.member("route", request.route.flatMap(routeName))
            members.member("age_ms", max(0, now - request.since) / 1_000_000)
            members.member("queued_ms", request.queuedMicroseconds.map { $0 / 1000 })
            members.member("request_id", request.requestID)
        }
    }

    private func seconds(since moment: Int64) -> Int64 { max(0, now - moment) / 1_000_000_000 }
}
