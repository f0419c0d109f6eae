/// Points in time as RFC 3339 writes them, without a calendar library.
///
/// A point in time is a number of microseconds since 1970-01-01T00:00:00Z, without leap seconds (POSIX). Years run from
/// 0000 to 9999, in the Gregorian calendar also before its introduction (RFC 3339, section 1).
public enum RFC3339 {
    /// The first point in time that has a text: 0000-01-01T00:00:00.000000Z.
    ///
    /// In microseconds since the epoch.
    public static let first: Int64 = -62_167_219_200_000_000

    /// The last point in time that has a text: 9999-12-31T23:59:59.999999Z.
    ///
    /// In microseconds since the epoch.
    public static let last: Int64 = 253_402_300_799_999_999
}

// MARK: - Writing

extension RFC3339 {
    /// The text of a point in time, such as `2026-11-21T11:12:13.123456Z`.
    ///
    /// Always UTC with six digits of fraction, so that texts sort as times do. A time before ``first`` or after
    /// ``last`` is written as those.
    public static func string(microseconds: Int64) -> String {
        var bytes: [UInt8] = []
        append(microseconds: microseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of a point in time to bytes.
    ///
    /// The same 27 bytes as ``string(microseconds:)``.
    public static func append(microseconds: Int64, to bytes: inout [UInt8]) {
        let text = text(microseconds: microseconds)
        let digits = text.span
        bytes.append(addingCapacity: digits.count) { out in
            for index in digits.indices { out.append(digits[index]) }
        }
    }

    static func text(microseconds: Int64) -> InlineArray<27, UInt8> {
        let time = UInt64(truncatingIfNeeded: min(max(microseconds, first), last) &- first)
        let seconds = time / 1_000_000
        let fraction = UInt32(truncatingIfNeeded: time % 1_000_000)
        let clock = UInt32(truncatingIfNeeded: seconds % 86_400)
        let date = civilDate(daysSinceFirst: UInt32(truncatingIfNeeded: seconds / 86_400))

        var text = InlineArray<27, UInt8>(repeating: UInt8(ascii: "-"))
        setDigits(date.year / 100, in: &text, at: 0)
        setDigits(date.year % 100, in: &text, at: 2)
        setDigits(date.month, in: &text, at: 5)
        setDigits(date.day, in: &text, at: 8)
        text[10] = UInt8(ascii: "T")
        setDigits(clock / 3_600, in: &text, at: 11)
        text[13] = UInt8(ascii: ":")
        setDigits(clock / 60 % 60, in: &text, at: 14)
        text[16] = UInt8(ascii: ":")
        setDigits(clock % 60, in: &text, at: 17)
        text[19] = UInt8(ascii: ".")
        setDigits(fraction / 10_000, in: &text, at: 20)
        setDigits(fraction / 100 % 100, in: &text, at: 22)
        setDigits(fraction % 100, in: &text, at: 24)
        text[26] = UInt8(ascii: "Z")
        return text
    }

    @inline(__always)
    private static func setDigits(_ value: UInt32, in text: inout InlineArray<27, UInt8>, at index: Int) {
        text[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / 10)
        text[index + 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value % 10)
    }
}

// MARK: - Reading

extension RFC3339 {
    /// Reads a text such as `2026-11-21T12:12:13.5+01:00`.
    ///
    /// Nil if the text is malformed or lies outside ``first`` to ``last``. `t` and `z` may be lower case; a space for
    /// `T` is refused. A fraction has one to nine digits, of which those after the sixth are cut off. A second of 60 is
    /// accepted only where a leap second can be, at 23:59:60 UTC on the last day of a month, and is read as second 59
    /// (with its fraction), so that it stays in its day.
    public static func microseconds(_ text: String) -> Int64? {
        microseconds(text.utf8.span)
    }

    /// Reads a text that is given as bytes.
    ///
    /// The same rules as for a string.
    public static func microseconds(_ text: Span<UInt8>) -> Int64? {
        guard text.count >= 20,
            let century = twoDigits(text, at: 0), let yearOfCentury = twoDigits(text, at: 2),
            text[4] == UInt8(ascii: "-"), let month = twoDigits(text, at: 5),
            text[7] == UInt8(ascii: "-"), let day = twoDigits(text, at: 8),
            text[10] | 0x20 == UInt8(ascii: "t"), let hour = twoDigits(text, at: 11),
            text[13] == UInt8(ascii: ":"), let minute = twoDigits(text, at: 14),
            text[16] == UInt8(ascii: ":"), let second = twoDigits(text, at: 17)
        else { return nil }
        let year = century * 100 + yearOfCentury
        guard (1...12).contains(month), day >= 1, day <= daysIn(month: month, year: year),
            hour <= 23, minute <= 59, second <= 60
        else { return nil }

        var position = 19
        guard let fraction = fraction(text, from: &position),
            let offset = offset(text, from: position)
        else { return nil }

        let days = daysSinceFirst(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + min(second, 59) - offset
        guard (0...(last - first) / 1_000_000).contains(seconds) else { return nil }
        if second == 60, !canBeLeapSecond(seconds) { return nil }
        return first + seconds * 1_000_000 + fraction
    }

    /// Whether the second, counted from ``first``, is the last one of a month.
    private static func canBeLeapSecond(_ seconds: Int64) -> Bool {
        let tomorrow = UInt32(truncatingIfNeeded: seconds / 86_400 + 1)
        return seconds % 86_400 == 86_399 && civilDate(daysSinceFirst: tomorrow).day == 1
    }

    private static func twoDigits(_ text: Span<UInt8>, at index: Int) -> Int64? {
        guard let tens = digit(text[index]), let ones = digit(text[index + 1]) else { return nil }
        return tens * 10 + ones
    }

    private static func digit(_ byte: UInt8) -> Int64? {
        let value = byte &- UInt8(ascii: "0")
        return value <= 9 ? Int64(value) : nil
    }

    private static func fraction(_ text: Span<UInt8>, from position: inout Int) -> Int64? {
        guard text[position] == UInt8(ascii: ".") else { return 0 }
        position += 1
        var result: Int64 = 0
        var count = 0
        while position < text.count, let digit = digit(text[position]) {
            if count < 6 { result = result * 10 + digit }
            count += 1
            position += 1
            if count > 9 { return nil }
        }
        if count == 0 { return nil }
        while count < 6 {
            result *= 10
            count += 1
        }
        return result
    }

    /// The offset from UTC in seconds, which must end the text.
    private static func offset(_ text: Span<UInt8>, from position: Int) -> Int64? {
        guard position < text.count else { return nil }
        if text[position] | 0x20 == UInt8(ascii: "z") { return position + 1 == text.count ? 0 : nil }
        guard position + 6 == text.count,
            text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-"),
            let hours = twoDigits(text, at: position + 1), hours <= 23,
            text[position + 3] == UInt8(ascii: ":"),
            let minutes = twoDigits(text, at: position + 4), minutes <= 59
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return text[position] == UInt8(ascii: "-") ? -seconds : seconds
    }
}

// MARK: - The calendar

extension RFC3339 {
    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func daysIn(month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The days of a year without leap day that lie before a month.
    private static func daysBefore(month: Int64) -> Int64 {
        switch month {
        case 1: 0
        case 2: 31
        case 3: 59
        case 4: 90
        case 5: 120
        case 6: 151
        case 7: 181
        case 8: 212
        case 9: 243
        case 10: 273
        case 11: 304
        default: 334
        }
    }

    private static func daysSinceFirst(year: Int64, month: Int64, day: Int64) -> Int64 {
        let leapDays = (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400
        let leapDay: Int64 = month > 2 && isLeap(year) ? 1 : 0
        return year * 365 + leapDays + daysBefore(month: month) + leapDay + day - 1
    }

    /// Years are counted from a 1 March, so that the leap day comes last, and 400 years earlier, so that nothing is
    /// negative: 146,097 days are 400 years, and 60 days lie between 0000-01-01 and 0000-03-01.
    private static func civilDate(daysSinceFirst days: UInt32) -> (year: UInt32, month: UInt32, day: UInt32) {
        let shifted = days + 146_097 - 60
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0) - 400
        return (year, month, day)
    }
}
