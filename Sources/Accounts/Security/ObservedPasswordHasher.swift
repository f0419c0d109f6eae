package import Domain
package import Observability

/// The hasher of a process as one of its threads uses it: what a hash costs is told to the request that waits, and counted.
package struct ObservedPasswordHasher: PasswordHashing {
    private let hasher: BoundedPasswordHasher
    private let observer: PasswordHashObserver

    /// Takes the hasher of the process, and where one thread tells what it waits for.
    package init(_ hasher: BoundedPasswordHasher, waits: RequestWaits, metrics: PasswordHashMetrics?) {
        self.hasher = hasher
        observer = PasswordHashObserver(waits: waits, metrics: metrics)
    }

    package func hash(_ password: Password) throws -> PasswordHash {
        try hasher.hash(password, observer: observer)
    }

    package func verify(_ password: Password, against hash: PasswordHash) throws -> PasswordVerification {
        try hasher.verify(password, against: hash, observer: observer)
    }

    package func verifyDecoy(_ password: Password) throws {
        _ = try hasher.verify(password, against: nil, observer: observer)
    }
}

/// Where one thread tells what its hashes cost.
struct PasswordHashObserver {
    let waits: RequestWaits
    let metrics: PasswordHashMetrics?

    func waitsForPermit() { waits.wait(for: .hashPermit) }

    func begins() { waits.wait(for: .hash) }

    func hashed(_ nanoseconds: Int64, after wait: Int64) {
        waits.add(nanoseconds: wait, for: .hashPermit)
        waits.add(nanoseconds: nanoseconds, for: .hash)
        metrics?.permitWaits.add(nanoseconds: wait)
        metrics?.hashes.add(nanoseconds: nanoseconds)
    }

    func refused(after wait: Int64) {
        waits.add(nanoseconds: wait, for: .hashPermit)
        metrics?.refusals.add()
    }
}

/// How long password hashes have waited and taken, and how many were refused.
package struct PasswordHashMetrics: Sendable {
    private static let bounds: [Int64] = [
        1_000_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000,
    ]

    let hashes: TimerFamily
    let permitWaits: HistogramFamily
    let refusals: CounterFamily

    /// Registers the families.
    package init(_ registry: MetricRegistry) {
        hashes = registry.timers(
            "gatehouse_password_hash_duration_seconds",
            "Password hashes that were made, with the time that they took."
        )
        permitWaits = registry.histograms(
            "gatehouse_password_hash_wait_seconds",
            "How long password hashes have waited for one of the permits of the machine.",
            bounds: Self.bounds
        )
        refusals = registry.counters(
            "gatehouse_password_hash_refusals_total",
            "Password hashes that were refused, because too many were waiting or none was possible in time."
        )
    }
}
