/// A place in a document, as errors tell it (September 2025, section 7.1.2).
public struct SourceLocation: Sendable, Hashable {
    /// The line, from 1.
    ///
    /// A line feed, a carriage return, or both in this order end a line.
    public let line: Int

    /// The column, from 1.
    ///
    /// In code points; bytes that are not UTF-8 before it make it approximate.
    public let column: Int

    /// Names a place.
    ///
    /// Both count from 1.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

extension SourceLocation {
    /// The place of a byte.
    init(offset: Int, in source: [UInt8]) {
        self = Self.places(of: [offset], in: source).first ?? SourceLocation(line: 1, column: 1)
    }

    /// The places of bytes, in the order in which they are given; looks at all bytes once, however many are asked for.
    static func places(of offsets: [Int], in source: [UInt8]) -> [SourceLocation] {
        var places = [SourceLocation](repeating: SourceLocation(line: 1, column: 1), count: offsets.count)
        let order = offsets.indices.sorted { offsets[$0] < offsets[$1] }
        var line = 1
        var column = 1
        var previous: UInt8 = 0
        var index = 0
        for number in order {
            while index < min(offsets[number], source.count) {
                let byte = source[index]
                switch byte {
                case UInt8(ascii: "\n") where previous == UInt8(ascii: "\r"): column = 1
                case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                    line += 1
                    column = 1
                default:
                    if byte & 0xC0 != 0x80 { column += 1 }
                }
                previous = byte
                index += 1
            }
            places[number] = SourceLocation(line: line, column: column)
        }
        return places
    }
}
