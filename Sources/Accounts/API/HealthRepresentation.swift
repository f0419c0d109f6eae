internal import HTTPPipeline
internal import JSON
internal import Services

extension HealthReport {
    /// How the API shows the health.
    static let representation = Representation<HealthReport>(
        "Health",
        [
            .string("status", .choice(Status.allCases.map(\.rawValue)), "The whole.", example: "healthy") {
                $0.status.rawValue
            },
            .object("checks", checks, "The parts.") { $0 },
        ]
    )

    private static let checks = Representation<HealthReport>(
        nil,
        [
            .string("database", .choice(Connection.allCases.map(\.rawValue)), example: "connected") {
                $0.database.rawValue
            },
            .string("cache", .choice(Connection.allCases.map(\.rawValue)), example: "connected") { $0.cache.rawValue },
            .string("disk", .choice(Disk.allCases.map(\.rawValue)), example: "sufficient") { $0.disk.rawValue },
        ]
    )
}

extension HealthReport {
    /// The same with the member `details`, an object that is written already.
    static func writeMembers(of report: HealthReport, details: [UInt8], to writer: inout JSONWriter) {
        writer.object { object in
            object.member("status", report.status.rawValue)
            object.member("checks") { checks.write(report, to: &$0) }
            object.member("details", raw: details)
        }
    }
}

/// How the API shows whether requests should be sent.
enum ReadinessRepresentation {
    static let value = Representation<Readiness>(
        "Readiness",
        [
            .string("status", .choice(["ready", "not_ready"]), "Whether requests should be sent.", example: "ready") {
                $0 == .ready ? "ready" : "not_ready"
            },
            .string(
                "reason",
                // The last one is nginx's word, where nobody answers it.
                .choice(Readiness.Obstacle.allCases.map(\.rawValue) + ["unreachable"]),
                "What stands in the way.",
                example: "draining"
            ) { $0.obstacle?.rawValue ?? "" }
            .shown { $0.obstacle != nil },
        ]
    )
}

/// How the API shows whether the service lives.
enum LivenessRepresentation {
    static let value = Representation<Bool>(
        "Liveness",
        [
            .string("status", .choice(["alive", "stuck"]), "Whether requests are finished.", example: "alive") {
                $0 ? "alive" : "stuck"
            }
        ]
    )
}
