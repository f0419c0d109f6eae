internal import Caching
internal import Linux
internal import Observability
internal import WorkerPool

/// What a worker looks after beside the requests: the clock and the file of its log, and the statistics of its cache.
final class WorkerHousekeeping: Housekeeping {
    private let accessLog: LogWriter
    private let lostLines: CounterFamily?
    private let wallClock: WallClock
    private var cacheReport: CacheReport
    private let health: HealthWatch
    private let times: RequestTimes?
    private var lostBefore = 0

    init(
        accessLog: LogWriter,
        lostLines: CounterFamily?,
        wallClock: WallClock,
        cacheReport: CacheReport,
        health: HealthWatch,
        times: RequestTimes?
    ) {
        self.times = times
        self.health = health
        self.accessLog = accessLog
        self.lostLines = lostLines
        self.wallClock = wallClock
        self.cacheReport = cacheReport
    }

    func tick() {
        wallClock.adjust()
        cacheReport.send()
        countLostLines()
        times?.look()
    }

    func reopenLogs() throws { try accessLog.reopen() }

    func condition() -> String? { health.condition() }

    func finish() {
        cacheReport.end()
        accessLog.finish()
        countLostLines()
    }

    private func countLostLines() {
        let lost = accessLog.lostLines
        if lost > lostBefore { lostLines?.add(UInt64(lost - lostBefore)) }
        lostBefore = lost
    }
}
