/// A whole request that lies in memory, read and answered without libfcgi and without any waiting.
///
/// For a thread that serves many connections by itself and may wait for none: libfcgi blocks where a peer is slow. What
/// ``RecordInspection`` calls complete is a request here. Of the body nothing is shown, and the connection is not kept.
/// Source: FastCGI specification 1.0, sections 3.3, 3.4, 5.2, 5.3, 5.5.
public struct BufferedRequest: Sendable {
    /// The most bytes of the content of one record that are sent; a multiple of 8, as the specification advises.
    private static let recordSize = 65_528

    private let number: (UInt8, UInt8)
    private var parameters: [(name: [UInt8], value: [UInt8])] = []

    /// Reads a request; nil where the bytes are not all of one, and nothing else (``RecordInspection/complete``).
    public init?(_ bytes: Span<UInt8>) {
        guard RecordInspection.inspect(bytes) == .complete else { return nil }
        number = (bytes[2], bytes[3])
        var content: [UInt8] = []
        var offset = Self.end(ofRecordAt: 0, in: bytes)
        while true {
            let length = Int(bytes[offset + 4]) << 8 | Int(bytes[offset + 5])
            if length == 0 { break }
            for index in (offset + 8)..<(offset + 8 + length) { content.append(bytes[index]) }
            offset = Self.end(ofRecordAt: offset, in: bytes)
        }
        guard let pairs = Self.pairs(in: content[...]) else { return nil }
        parameters = pairs
    }

    /// The bytes of a parameter, or nil where it is missing; where a name occurs twice the first one counts.
    public subscript(name: String) -> [UInt8]? {
        parameters.first { $0.name.elementsEqual(name.utf8) }?.value
    }

    /// The records that answer it: the output, and the end of the request.
    public func answer(with output: [UInt8]) -> [UInt8] {
        var records: [UInt8] = []
        records.reserveCapacity(output.count + output.count / Self.recordSize * 8 + 40)
        var start = 0
        while start < output.count {
            let end = min(output.count, start + Self.recordSize)
            append(6, output[start..<end], to: &records)
            start = end
        }
        append(6, [], to: &records)
        // FCGI_REQUEST_COMPLETE, and 0 as the status of the application.
        append(3, [0, 0, 0, 0, 0, 0, 0, 0], to: &records)
        return records
    }

    private func append(_ type: UInt8, _ content: ArraySlice<UInt8>, to records: inout [UInt8]) {
        let length = content.count
        records += [1, type, number.0, number.1, UInt8(length >> 8), UInt8(truncatingIfNeeded: length), 0, 0]
        records += content
    }

    private static func end(ofRecordAt offset: Int, in bytes: Span<UInt8>) -> Int {
        offset + 8 + (Int(bytes[offset + 4]) << 8 | Int(bytes[offset + 5])) + Int(bytes[offset + 6])
    }

    private static func pairs(in content: ArraySlice<UInt8>) -> [(name: [UInt8], value: [UInt8])]? {
        var pairs: [(name: [UInt8], value: [UInt8])] = []
        var rest = content
        while !rest.isEmpty {
            guard let name = takeLength(&rest), let value = takeLength(&rest), rest.count >= name + value else {
                return nil
            }
            pairs.append((Array(rest.prefix(name)), Array(rest.dropFirst(name).prefix(value))))
            rest = rest.dropFirst(name + value)
        }
        return pairs
    }

    /// One byte below 128, or four with the highest bit set.
    private static func takeLength(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard let first = rest.popFirst() else { return nil }
        if first < 0x80 { return Int(first) }
        guard rest.count >= 3 else { return nil }
        let length = rest.prefix(3).reduce(Int(first & 0x7f)) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(3)
        return length
    }
}
