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
