internal import Domain
internal import HTTPPipeline
internal import JSON

extension UserStatistics {
    /// How the API shows the numbers; days by their date in UTC.
    static let representation = Representation<UserStatistics>(
        "UserStatistics",
        [
            .count("total", "All users.", example: 142) { $0.total },
            .object("by_role", byRole, "All users by role.") { $0 },
            .object("by_status", byStatus, "All users by status.") { $0 },
            .array("created_last_30_days", of: Day.representation, count: dayCount...dayCount, "The oldest first.") {
                $0.created
            },
        ]
    )

    private static let byRole = Representation<UserStatistics>(
        nil,
        Role.allCases.map { role in .count(role.rawValue, example: 71) { $0.count(of: role) } }
    )

    private static let byStatus = Representation<UserStatistics>(
        nil,
        UserStatus.allCases.map { status in .count(status.rawValue, example: 71) { $0.count(of: status) } }
    )
}

extension UserStatistics.Day {
    /// How the API shows one of them.
    static let representation = Representation<UserStatistics.Day>(
        nil,
        [
            .string("date", .date, "In UTC.", example: "2026-11-21") {
                String(RFC3339.string(microseconds: $0.start.microseconds).prefix(10))
            },
            .count("count", "Those that were made on this day.", example: 3) { $0.count },
        ]
    )
}
