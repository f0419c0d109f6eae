/// How many in how long, as people write it: `600/1m`.
public struct CountPerWindow: Sendable, Hashable {
    /// How many.
    public let count: Int
    /// In how many nanoseconds.
    public let window: Int64

    /// Reads digits, a slash and a duration; nil where the text has no such form.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int(parts[0]), let window = DurationText.read(String(parts[1]))
        else { return nil }
        self.count = count
        self.window = window
    }
}

extension ConfigurationKey where Value == CountPerWindow {
    /// A key that allows so many in so long.
    ///
    /// Written as a whole number, a slash and a duration: `600/1m`. The default is written in the same way and has to lie
    /// within the bounds.
    public static func countPerWindow(
        _ name: String,
        summary: String = "",
        counts: ClosedRange<Int>,
        windows: ClosedRange<Duration>,
        default value: @autoclosure @escaping @Sendable () -> String,
        reason: String
    ) -> ConfigurationKey {
        let decode: @Sendable (ConfigurationValue) -> CountPerWindow? = { value in
            guard case .text(let text) = value, let read = CountPerWindow(text), counts.contains(read.count),
                windows.contains(.nanoseconds(read.window))
            else { return nil }
            return read
        }
        let shortest = DurationText.write(nanoseconds: nanoseconds(windows.lowerBound))
        let longest = DurationText.write(nanoseconds: nanoseconds(windows.upperBound))
        let expectation =
            "must be a count from \(counts.lowerBound) to \(counts.upperBound) and a window from \(shortest) to \(longest), "
            + "such as 600/1m"
        return ConfigurationKey(
            definition: .init(
                name: name,
                summary: summary,
                unit: "a count, a slash and a window",
                reason: reason,
                defaultRule: nil,
                isSecret: false,
                kind: .text,
                computeDefault: { .text(value()) },
                check: { decode($0) == nil ? expectation : nil }
            ),
            decode: decode
        )
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
    }
}
