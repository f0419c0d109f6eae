extension JSONWriter {
    /// Writes a string.
    ///
    /// Quotation marks, backslashes and control characters (U+0000 to U+001F) are escaped, all else is copied as UTF-8.
    public mutating func string(_ text: String) {
        appendQuoted(text.utf8.span)
    }

    /// Writes a string that is given as bytes.
    ///
    /// Bytes that are not UTF-8 become U+FFFD, by the rule of the Unicode Standard (maximal subparts), so that a log
    /// line about any request is valid JSON.
    public mutating func string(utf8 bytes: Span<UInt8>) {
        if (try? UTF8Span(validating: bytes)) != nil {
            appendQuoted(bytes)
        } else {
            var copy: [UInt8] = []
            copy.reserveCapacity(bytes.count)
            for index in bytes.indices { copy.append(bytes[index]) }
            let repaired = String(decoding: copy, as: UTF8.self)
            appendQuoted(repaired.utf8.span)
        }
    }

    private mutating func appendQuoted(_ bytes: Span<UInt8>) {
        let end = endOfPlainRun(bytes, from: 0)
        buffer.append(addingCapacity: end + 3) { out in
            if needsComma { out.append(UInt8(ascii: ",")) }
            out.append(UInt8(ascii: "\""))
            for index in 0..<end { out.append(bytes[index]) }
            if end == bytes.count { out.append(UInt8(ascii: "\"")) }
        }
        needsComma = true
        if end < bytes.count { appendRest(bytes, from: end) }
    }

    /// Appends what follows from the first byte on that needs an escape, and the closing quotation mark.
    private mutating func appendRest(_ bytes: Span<UInt8>, from start: Int) {
        var index = start
        while index < bytes.count {
            appendEscape(bytes[index])
            let run = index + 1
            index = endOfPlainRun(bytes, from: run)
            buffer.append(addingCapacity: index - run) { out in
                for index in run..<index { out.append(bytes[index]) }
            }
        }
        buffer.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ byte: UInt8) {
        let short: UInt8? =
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte
            case 0x08: UInt8(ascii: "b")
            case 0x09: UInt8(ascii: "t")
            case 0x0A: UInt8(ascii: "n")
            case 0x0C: UInt8(ascii: "f")
            case 0x0D: UInt8(ascii: "r")
            default: nil
            }
        buffer.append(UInt8(ascii: "\\"))
        if let short {
            buffer.append(short)
            return
        }
        buffer.append(UInt8(ascii: "u"))
        buffer.append(UInt8(ascii: "0"))
        buffer.append(UInt8(ascii: "0"))
        buffer.append(Self.hexDigit(byte >> 4))
        buffer.append(Self.hexDigit(byte & 0x0F))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }
}
