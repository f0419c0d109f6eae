/// What the health of the service depends on, as it was found lately: nobody who asks waits for anything.
package protocol HealthProbes {
    /// Whether the database answers statements.
    func databaseAnswers() -> Bool
    /// Whether the cache can be used.
    func cacheAnswers() -> Bool
    /// What the room on the disk that holds the data is like.
    func disk() -> HealthReport.Disk
    /// What else keeps requests from being served here, if anything.
    func obstacle() -> Readiness.Obstacle?
    /// Whether requests are taken and none is finished.
    func isStuck() -> Bool
}

/// What the parts are like, and what follows for the whole.
package struct HealthReport: Hashable, Sendable {
    /// The whole.
    package enum Status: String, CaseIterable, Sendable {
        /// Everything is as it should be.
        case healthy
        /// Requests are served, but somebody should look.
        case degraded
        /// Requests cannot be served.
        case unhealthy
    }

    /// A part that is there or not.
    package enum Connection: String, CaseIterable, Sendable {
        /// It answers.
        case connected
        /// It does not.
        case disconnected
    }

    /// The room on the disk.
    package enum Disk: String, CaseIterable, Comparable, Sendable {
        /// Enough.
        case sufficient
        /// Under a tenth or under 1 GiB.
        case low
        /// Under a hundredth or under 100 MiB.
        case insufficient

        /// The worse one is greater.
        package static func < (left: Disk, right: Disk) -> Bool { left.rank < right.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        /// Judges the free and the whole size of a file system, in bytes.
        package init(available: Int64, total: Int64) {
            if available < 100 << 20 || available < total / 100 {
                self = .insufficient
            } else if available < 1 << 30 || available < total / 10 {
                self = .low
            } else {
                self = .sufficient
            }
        }
    }

    /// The database.
    package let database: Connection
    /// The cache.
    package let cache: Connection
    /// The room on the disk.
    package let disk: Disk

    /// Without database or disk nothing can be changed; without cache all is only slower.
    package var status: Status {
        if database == .disconnected || disk == .insufficient { return .unhealthy }
        return cache == .disconnected || disk == .low ? .degraded : .healthy
    }
}

/// Whether requests should be sent here.
package enum Readiness: Hashable, Sendable {
    /// They are served.
    case ready
    /// They should go elsewhere, or wait.
    case notReady(Obstacle)

    /// What keeps requests from being served.
    package enum Obstacle: String, CaseIterable, Sendable {
        /// Nothing is known yet.
        case starting
        /// The service ends, and takes no more requests.
        case draining
        /// The database has a schema with which this program cannot work.
        case schema
        /// A part without which nothing can be served is missing.
        case unhealthy
    }

    /// What stands in the way, if anything.
    package var obstacle: Obstacle? { if case .notReady(let obstacle) = self { obstacle } else { nil } }
}

/// Tells how the service is.
package struct HealthService {
    private let probes: any HealthProbes

    /// Takes what is to be asked.
    package init(probes: any HealthProbes) {
        self.probes = probes
    }

    /// How the parts are and what follows for the whole.
    package func report() -> HealthReport {
        HealthReport(
            database: probes.databaseAnswers() ? .connected : .disconnected,
            cache: probes.cacheAnswers() ? .connected : .disconnected,
            disk: probes.disk()
        )
    }

    /// Whether requests should be sent here.
    package func readiness() -> Readiness {
        if let obstacle = probes.obstacle() { return .notReady(obstacle) }
        return report().status == .unhealthy ? .notReady(.unhealthy) : .ready
    }

    /// Whether the service lives: false only where starting it anew is the one way out.
    ///
    /// No part that it depends on has a say in it: starting anew would not bring that back, and all instances of a service
    /// would go down together.
    package func isLive() -> Bool { !probes.isStuck() }
}
