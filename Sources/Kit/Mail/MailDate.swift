internal import JSON

/// Instants as mail writes them (RFC 5322, section 3.3), in UTC.
enum MailDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Fri, 02 Jan 2026 03:04:05 +0000`.
    static func string(microseconds: Int64) -> String {
        let text = RFC3339.string(microseconds: microseconds)
        let parts = text.prefix(19).split { "-T".contains($0) }
        // 1970-01-01 was a Thursday.
        let dayNumber =
            (microseconds - (microseconds % 86_400_000_000 + 86_400_000_000) % 86_400_000_000) / 86_400_000_000
        let day = days[Int((dayNumber % 7 + 7) % 7)]
        guard parts.count == 4, let month = Int(parts[1]), (1...12).contains(month) else { return "\(day), \(text)" }
        return "\(day), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]) +0000"
    }
}
