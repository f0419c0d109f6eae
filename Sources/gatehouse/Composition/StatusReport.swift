internal import JSON
internal import Observability
internal import Synchronization
internal import WorkerPool

/// What `/status` answers: the pool, and what the product adds to it.
struct StatusReport {
    let board: PoolBoard
    let activity: PoolActivity
    let health: HealthWatch
    let limitsAreOn: Bool
    let routeNames: RouteNames
    /// Nil where nothing is counted.
    let times: RequestTimes?

    /// The whole document; waits for nobody.
    func json() -> [UInt8] {
        var writer = JSONWriter(capacity: 4096)
        writer.object { document in
            document.member("version", Version.text)
            document.member("limits", limitsAreOn)
            do {
                let report = try PoolReport(board, activity)
                document.array("conditions") { list in
                    for condition in report.conditions { list.string(condition) }
                }
                let names = routeNames.all
                report.writeMembers(
                    to: &document,
                    routeName: { $0 < names.count ? names[$0] : nil },
                    stageName: { RequestPhase(rawValue: $0)?.name }
                )
                times?.writeMembers(to: &document)
            } catch {
                // The memory of the pool is damaged: that is what there is to tell.
                document.member("error", "\(error)")
            }
        }
        writer.newline()
        return writer.bytes
    }
}

/// What people call the routes, known as soon as the first handler is made.
final class RouteNames: Sendable {
    private let names = Mutex<[String]>([])

    var all: [String] { names.withLock { $0 } }

    func set(_ names: [String]) { self.names.withLock { $0 = names } }
}
