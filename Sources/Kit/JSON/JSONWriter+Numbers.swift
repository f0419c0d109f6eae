extension JSONWriter {
    /// Writes an integer with all its digits.
    ///
    /// Readers that hold numbers as doubles lose exactness above 2^53; that is theirs to know.
    @inlinable
    public mutating func integer<Integer: FixedWidthInteger>(_ value: Integer) {
        if Integer.bitWidth > 64 {
            separate()
            buffer.append(contentsOf: String(value).utf8)
            return
        }
        appendDecimal(UInt64(truncatingIfNeeded: value.magnitude), isNegative: value < 0)
    }

    /// Writes a number as the shortest decimal that reads back as the same number.
    ///
    /// JSON has no NaN and no infinity: they are written as `null`, as ECMAScript does.
    public mutating func number(_ value: Double) {
        guard value.isFinite else {
            null()
            return
        }
        separate()
        buffer.append(contentsOf: value.description.utf8)
    }

    @usableFromInline
    mutating func appendDecimal(_ magnitude: UInt64, isNegative: Bool) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var start = 20
        var rest = magnitude
        while rest >= 100 {
            let pair = UInt8(truncatingIfNeeded: rest % 100)
            rest /= 100
            digits[start &- 1] = UInt8(ascii: "0") &+ pair % 10
            digits[start &- 2] = UInt8(ascii: "0") &+ pair / 10
            start &-= 2
        }
        let pair = UInt8(truncatingIfNeeded: rest)
        start &-= 1
        digits[start] = UInt8(ascii: "0") &+ pair % 10
        if pair >= 10 {
            start &-= 1
            digits[start] = UInt8(ascii: "0") &+ pair / 10
        }
        let text = digits.span
        buffer.append(addingCapacity: 22) { out in
            if needsComma { out.append(UInt8(ascii: ",")) }
            if isNegative { out.append(UInt8(ascii: "-")) }
            for index in start..<text.count { out.append(text[index]) }
        }
        needsComma = true
    }
}
