/// Durations as people write them: digits and one unit, such as `30s`.
enum DurationText {
    /// From the largest unit to the smallest.
    private static let units: [(symbol: String, factor: Int64)] = [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
        ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
    ]

    /// Nil if the text has no such form; more than an `Int64` of nanoseconds is that much.
    static func read(_ text: String) -> Int64? {
        QuantityText.read(text, units: units)
    }

    static func write(nanoseconds: Int64) -> String {
        QuantityText.write(nanoseconds, units: units, zero: "0s")
    }
}

/// Sizes as people write them: digits and one unit, such as `64KiB`.
enum SizeText {
    /// From the largest unit to the smallest.
    private static let units: [(symbol: String, factor: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
    ]

    /// Nil if the text has no such form; more than an `Int` of bytes is that much.
    static func read(_ text: String) -> Int? {
        QuantityText.read(text, units: units).map { Int($0) }
    }

    static func write(bytes: Int) -> String {
        QuantityText.write(Int64(bytes), units: units, zero: "0B")
    }
}

private enum QuantityText {
    static func read(_ text: String, units: [(symbol: String, factor: Int64)]) -> Int64? {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty else { return nil }
        let symbol = String(text[digits.endIndex...])
        guard let unit = units.first(where: { $0.symbol == symbol }) else { return nil }
        // Digits alone fail to be a number only by being too many.
        let number = Int64(String(text[..<digits.endIndex])) ?? .max
        let (product, overflowed) = number.multipliedReportingOverflow(by: unit.factor)
        return overflowed ? .max : product
    }

    static func write(_ value: Int64, units: [(symbol: String, factor: Int64)], zero: String) -> String {
        guard value != 0 else { return zero }
        for unit in units where value % unit.factor == 0 {
            return String(value / unit.factor) + unit.symbol
        }
        return String(value)
    }
}
