extension RecordInspection {
    /// Where the value of a parameter stands among the bytes of a request that was found to be ``complete`` or
    /// ``long(head:)``; nil where it is missing.
    ///
    /// Only the first record of PARAMS is searched, since web servers send one: what stands in another, or crosses into
    /// it, counts as missing. Where a name occurs twice the first one counts, as in ``Request/withParameter(_:_:)``.
    static func value(of name: StaticString, in bytes: Span<UInt8>) -> Range<Int>? {
        let first = headerSize + beginBodySize + Int(bytes[6])
        var offset = first + headerSize
        let end = offset + uint16(bytes, at: first + 4)
        while let nameLength = pairLength(bytes, &offset, end), let valueLength = pairLength(bytes, &offset, end) {
            let value = offset + nameLength
            guard value + valueLength <= end else { return nil }
            if nameLength == name.utf8CodeUnitCount, stands(name, in: bytes, at: offset) {
                return value..<value + valueLength
            }
            offset = value + valueLength
        }
        return nil
    }

    /// Reads one length of a pair (section 3.4); nil at the end of the record.
    private static func pairLength(_ bytes: Span<UInt8>, _ offset: inout Int, _ end: Int) -> Int? {
        guard offset < end else { return nil }
        guard bytes[offset] >= 0x80 else {
            offset += 1
            return Int(bytes[offset - 1])
        }
        guard offset + 4 <= end else { return nil }
        offset += 4
        return uint16(bytes, at: offset - 4) & 0x7fff << 16 | uint16(bytes, at: offset - 2)
    }

    private static func stands(_ name: StaticString, in bytes: Span<UInt8>, at offset: Int) -> Bool {
        // The text of a literal, which lives for ever; its count is asked for with it.
        let text = unsafe UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        for index in 0..<text.count where unsafe text[index] != bytes[offset + index] { return false }
        return true
    }
}
