internal import Caching
internal import Database
internal import Linux
internal import Observability
internal import RateLimiting
internal import SharedMemory
internal import Storage
internal import WorkerPool

/// What `/metrics` answers: all that the processes of the instance have counted, and what they are at this moment.
///
/// Made of the shared memory and of what the kernel tells; waits for nobody. docs/logs-and-metrics.md has the list.
struct MetricsPage {
    private let shared: SharedState
    /// Nil where the database is on a server, which tells of itself.
    private let databasePath: String?
    private let supervisor: Int32

    /// Takes the process of the supervisor, of whose children memory is told.
    init(settings: Settings, shared: SharedState, supervisor: Int32 = ThisProcess.parent) {
        self.shared = shared
        databasePath = settings.database.file?.path
        self.supervisor = supervisor
    }

    /// The whole text.
    func text() throws -> [UInt8] {
        var text = MetricsText()
        text.family("gatehouse_build_info", .gauge, "The version of the program that made this text.")
        text.sample("gatehouse_build_info", [("version", Version.text)], UInt64(1))
        shared.metrics.write(to: &text)
        try writePool(to: &text)
        writeProcesses(to: &text)
        try writeCaches(to: &text)
        try writeLimits(to: &text)
        writeDatabase(to: &text)
        return text.bytes
    }

    private func writePool(to text: inout MetricsText) throws {
        let activity = try shared.activity
        let states = try activity.states()
        let now = SystemClock.monotonicNanoseconds()
        text.family("gatehouse_threads", .gauge, "Handler threads of all workers, by what they do.")
        let waiting = states.count { $0.phase == .waiting }
        text.sample("gatehouse_threads", [("state", "waiting")], UInt64(waiting))
        text.sample("gatehouse_threads", [("state", "serving")], UInt64(states.count - waiting))
        text.gauge(
            "gatehouse_workers",
            "Worker processes that have handler threads, those that drain included.",
            UInt64(Set(states.map(\.process)).count)
        )
        let ages = states.filter { $0.phase != .waiting }.map { now - $0.since }
        text.family("gatehouse_oldest_request_seconds", .gauge, "For how long the oldest request has been served.")
        text.sample("gatehouse_oldest_request_seconds", [], Double(max(0, ages.max() ?? 0)) / 1e9)
        let counters: [(String, String, PoolActivity.Counter)] = [
            ("gatehouse_worker_deaths_total", "Workers that served and died.", .deaths),
            (
                "gatehouse_generations_total", "Generations that began to serve: the starts and the reloads.",
                .generations
            ),
            ("gatehouse_reload_failures_total", "Reloads that came to nothing.", .reloadFailures),
        ]
        for (name, help, counter) in counters {
            text.family(name, .counter, help)
            text.sample(name, [], activity.total(of: counter))
        }
        text.gauge(
            "gatehouse_password_hashes_running",
            "Password hashes that are being made at this moment.",
            UInt64(try shared.passwordPermits.inUse)
        )
    }

    private func writeProcesses(to text: inout MetricsText) {
        typealias Sum = (count: Int, bytes: Int)
        var kinds: [String: Sum] = ["supervisor": (0, 0), "worker": (0, 0), "maintenance": (0, 0)]
        for process in [supervisor] + ProcessFacts.children(of: supervisor) {
            guard let facts = ProcessFacts(of: process) else { continue }
            let kind = process == supervisor ? "supervisor" : facts.arguments.dropFirst().first ?? ""
            guard let sum = kinds[kind] else { continue }
            kinds[kind] = Sum(sum.count + 1, sum.bytes + facts.residentBytes)
        }
        let sorted = kinds.sorted { $0.key < $1.key }
        text.family("gatehouse_processes", .gauge, "Processes of the instance, by kind.")
        for (kind, sum) in sorted { text.sample("gatehouse_processes", [("process", kind)], UInt64(sum.count)) }
        let name = "gatehouse_resident_memory_bytes"
        text.family(name, .gauge, "Memory that the processes of a kind have in RAM, what they share counted for each.")
        for (kind, sum) in sorted { text.sample(name, [("process", kind)], UInt64(max(0, sum.bytes))) }
    }

    private func writeCaches(to text: inout MetricsText) throws {
        let totals = try shared.cacheCounters.totals()
        text.family("gatehouse_cache_events_total", .counter, "What happened to what workers remember, by kind.")
        for kind in CacheKinds.all {
            for event in CacheStatistics.Count.allCases {
                let labels = [(name: "kind", value: "\(kind.name)"), (name: "event", value: "\(event)")]
                text.sample("gatehouse_cache_events_total", labels, totals[kind.number][event])
            }
        }
        text.family("gatehouse_cache_values", .gauge, "Values that all workers remember now, by kind.")
        for kind in CacheKinds.all {
            let values = UInt64(max(0, totals[kind.number].values))
            text.sample("gatehouse_cache_values", [("kind", "\(kind.name)")], values)
        }
        text.family("gatehouse_cache_bytes", .gauge, "What they take, in all workers together, by kind.")
        for kind in CacheKinds.all {
            let bytes = UInt64(max(0, totals[kind.number].bytes))
            text.sample("gatehouse_cache_bytes", [("kind", "\(kind.name)")], bytes)
        }
    }

    private func writeLimits(to text: inout MetricsText) throws {
        let mishaps = try shared.makeLimiter().mishaps
        let name = "gatehouse_limit_mishaps_total"
        text.family(name, .counter, "What went wrong in counting requests under limits.")
        text.sample(name, [("event", "lock_timeout")], UInt64(max(0, mishaps.lockTimeouts)))
        text.sample(name, [("event", "crowded")], UInt64(max(0, mishaps.crowded)))
        text.sample(name, [("event", "displaced")], UInt64(max(0, mishaps.displaced)))
    }

    private func writeDatabase(to text: inout MetricsText) {
        guard let databasePath else { return }
        let files: [(String, String, String)] = [
            ("gatehouse_database_bytes", "The size of the file of the database.", databasePath),
            ("gatehouse_database_wal_bytes", "The size of the write-ahead log.", "\(databasePath)-wal"),
        ]
        for (name, help, path) in files {
            text.gauge(name, help, UInt64(max(0, (try? FileStatus(of: path).size) ?? 0)))
        }
    }
}
