extension JSONParser {
    /// Reads the string whose opening quotation mark stands at the position.
    mutating func string(_ bytes: Span<UInt8>) throws(JSONFault) -> String {
        let start = position + 1
        position = endOfPlainRun(bytes, from: start)
        if next(bytes) == UInt8(ascii: "\"") {
            let end = position
            position += 1
            return try text(bytes.extracting(start..<end), at: start)
        }
        try decode(bytes, from: start)
        return try text(scratch.span, at: start)
    }

    /// Reads the name whose opening quotation mark stands at the position, with a fingerprint of its bytes.
    mutating func name(_ bytes: Span<UInt8>) throws(JSONFault) -> (text: String, fingerprint: UInt64) {
        let start = position + 1
        position = endOfPlainRun(bytes, from: start)
        if next(bytes) == UInt8(ascii: "\"") {
            let name = bytes.extracting(start..<position)
            position += 1
            return (try text(name, at: start), fingerprint(name))
        }
        try decode(bytes, from: start)
        return (try text(scratch.span, at: start), fingerprint(scratch.span))
    }

    /// A number that differs for most names; made to be fast, not to resist anybody.
    private func fingerprint(_ bytes: Span<UInt8>) -> UInt64 {
        var result = UInt64(truncatingIfNeeded: bytes.count)
        for index in 0..<min(bytes.count, 32) { result = result &* 31 &+ UInt64(bytes[index]) }
        return result
    }

    private func text(_ bytes: Span<UInt8>, at offset: Int) throws(JSONFault) -> String {
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            throw JSONFault(kind: .invalidUTF8, offset: offset + error.byteOffsets.lowerBound)
        }
    }

    /// Decodes a string that has an escape, or something wrong, from behind its opening quotation mark to `scratch`.
    private mutating func decode(_ bytes: Span<UInt8>, from start: Int) throws(JSONFault) {
        scratch.removeAll(keepingCapacity: true)
        position = start
        while true {
            let run = position
            position = endOfPlainRun(bytes, from: run)
            try flush(bytes.extracting(run..<position), at: run)
            guard let byte = next(bytes) else { throw fault(.unexpectedEnd) }
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"): try escape(bytes)
            default: throw fault(.controlCharacter)
            }
        }
    }

    /// Takes a run without escapes; it is checked here, where its place in the text is known.
    private mutating func flush(_ run: Span<UInt8>, at offset: Int) throws(JSONFault) {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: run)
        } catch {
            throw JSONFault(kind: .invalidUTF8, offset: offset + error.byteOffsets.lowerBound)
        }
        scratch.append(addingCapacity: run.count) { out in
            for index in run.indices { out.append(run[index]) }
        }
    }

    private mutating func escape(_ bytes: Span<UInt8>) throws(JSONFault) {
        let start = position
        position += 1
        guard let selector = next(bytes) else { throw fault(.unexpectedEnd) }
        position += 1
        switch selector {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(selector)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "n"): scratch.append(0x0A)
        case UInt8(ascii: "r"): scratch.append(0x0D)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(bytes, from: start)
        default: throw JSONFault(kind: .invalidEscape, offset: start)
        }
    }

    /// Reads the digits of an escape, and of its other half where it names a surrogate.
    private mutating func unicodeEscape(_ bytes: Span<UInt8>, from start: Int) throws(JSONFault) {
        let unit = try hexadecimal(bytes, from: start)
        guard UTF16.isSurrogate(UInt16(unit)) else {
            append(unit)
            return
        }
        let second = position
        guard UTF16.isLeadSurrogate(UInt16(unit)), next(bytes) == UInt8(ascii: "\\") else {
            throw JSONFault(kind: .loneSurrogate, offset: start)
        }
        position += 1
        guard next(bytes) == UInt8(ascii: "u") else { throw JSONFault(kind: .loneSurrogate, offset: start) }
        position += 1
        let trail = try hexadecimal(bytes, from: second)
        guard UTF16.isTrailSurrogate(UInt16(trail)) else { throw JSONFault(kind: .loneSurrogate, offset: start) }
        append(0x10000 + (unit - 0xD800) << 10 + (trail - 0xDC00))
    }

    private mutating func hexadecimal(_ bytes: Span<UInt8>, from start: Int) throws(JSONFault) -> UInt32 {
        var result: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next(bytes) else { throw fault(.unexpectedEnd) }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw JSONFault(kind: .invalidEscape, offset: start)
            }
            result = result << 4 | UInt32(digit)
            position += 1
        }
        return result
    }

    /// Appends a code point that is no surrogate as UTF-8.
    private mutating func append(_ codePoint: UInt32) {
        switch codePoint {
        case 0..<0x80:
            scratch.append(UInt8(truncatingIfNeeded: codePoint))
        case 0x80..<0x800:
            scratch.append(UInt8(truncatingIfNeeded: 0xC0 | codePoint >> 6))
            appendContinuation(codePoint)
        case 0x800..<0x10000:
            scratch.append(UInt8(truncatingIfNeeded: 0xE0 | codePoint >> 12))
            appendContinuation(codePoint >> 6)
            appendContinuation(codePoint)
        default:
            scratch.append(UInt8(truncatingIfNeeded: 0xF0 | codePoint >> 18))
            appendContinuation(codePoint >> 12)
            appendContinuation(codePoint >> 6)
            appendContinuation(codePoint)
        }
    }

    private mutating func appendContinuation(_ bits: UInt32) {
        scratch.append(UInt8(truncatingIfNeeded: 0x80 | bits & 0x3F))
    }
}
