extension JSONParser {
    /// Reads the number whose first byte, a digit or minus, stands at the position.
    mutating func number(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONValue {
        let start = position
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }

        var magnitude: UInt64 = 0
        var isExact = true
        let integerStart = position
        while let digit = digit(bytes) {
            let (product, overflowed) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(digit)
            if overflowed || carried { isExact = false }
            magnitude = sum
            position += 1
        }
        if position == integerStart { throw position < bytes.count ? fault(.invalidNumber) : fault(.unexpectedEnd) }
        if bytes[integerStart] == UInt8(ascii: "0"), position > integerStart + 1 {
            throw JSONFault(kind: .invalidNumber, offset: integerStart)
        }

        if next(bytes) == UInt8(ascii: ".") {
            isExact = false
            position += 1
            try digits(bytes)
        }
        if let byte = next(bytes), byte | 0x20 == UInt8(ascii: "e") {
            isExact = false
            position += 1
            if let sign = next(bytes), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try digits(bytes)
        }

        if isExact {
            if !isNegative { return magnitude > UInt64(Int64.max) ? .unsigned(magnitude) : .integer(Int64(magnitude)) }
            if magnitude <= Int64.min.magnitude { return .integer(Int64(truncatingIfNeeded: 0 &- magnitude)) }
        }
        return .number(try double(bytes.extracting(start..<position), at: start))
    }

    private func double(_ bytes: Span<UInt8>, at offset: Int) throws(JSONFault) -> Double {
        guard let text = try? UTF8Span(validating: bytes), let value = Double(String(copying: text)) else {
            throw JSONFault(kind: .invalidNumber, offset: offset)
        }
        guard value.isFinite else { throw JSONFault(kind: .numberOutOfRange, offset: offset) }
        return value
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(JSONFault) {
        guard digit(bytes) != nil else { throw position < bytes.count ? fault(.invalidNumber) : fault(.unexpectedEnd) }
        while digit(bytes) != nil { position += 1 }
    }

    @inline(__always)
    private func digit(_ bytes: Span<UInt8>) -> UInt64? {
        guard position < bytes.count else { return nil }
        let value = bytes[position] &- UInt8(ascii: "0")
        return value <= 9 ? UInt64(value) : nil
    }
}
