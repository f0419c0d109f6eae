internal import Domain
internal import JSON

extension UserStatistics {
    /// Writes the numbers as the API shows them; days by their date in UTC.
    func write(to writer: inout JSONWriter) {
        writer.object { statistics in
            statistics.member("total", total)
            statistics.object("by_role") { roles in
                for role in Role.allCases { roles.member(escaping: role.rawValue, count(of: role)) }
            }
            statistics.object("by_status") { statuses in
                for status in UserStatus.allCases { statuses.member(escaping: status.rawValue, count(of: status)) }
            }
            statistics.array("created_last_30_days") { days in
                for day in created {
                    days.object { member in
                        member.member("date", String(RFC3339.string(microseconds: day.start.microseconds).prefix(10)))
                        member.member("count", day.count)
                    }
                }
            }
        }
    }
}
