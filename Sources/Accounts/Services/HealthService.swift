/// What the health of the service depends on, asked for when somebody wants to know.
package protocol HealthProbes {
    /// Whether the database answers a statement now.
    func databaseAnswers() -> Bool
    /// Whether the cache can be used now.
    func cacheAnswers() -> Bool
    /// The free and the whole size, in bytes, of the file system that holds the data; nil where it does not tell.
    func diskSpace() -> (available: Int64, total: Int64)?
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
    package enum Disk: String, CaseIterable, Sendable {
        /// Enough.
        case sufficient
        /// Under a tenth or under 1 GiB.
        case low
        /// Under a hundredth or under 100 MiB.
        case insufficient

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

/// Tells how the service is.
package struct HealthService {
    private let probes: any HealthProbes

    /// Takes what is to be asked.
    package init(probes: any HealthProbes) {
        self.probes = probes
    }

    /// Asks now; blocks as long as the probes do.
    package func report() -> HealthReport {
        HealthReport(
            database: probes.databaseAnswers() ? .connected : .disconnected,
            cache: probes.cacheAnswers() ? .connected : .disconnected,
            disk: disk()
        )
    }

    private func disk() -> HealthReport.Disk {
        // A file system that does not answer gives no room either.
        guard let (available, total) = probes.diskSpace() else { return .insufficient }
        return HealthReport.Disk(available: available, total: total)
    }
}
