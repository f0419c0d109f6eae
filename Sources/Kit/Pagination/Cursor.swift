internal import Base64

/// A place in a list, and the direction in which a client reads on from there.
///
/// Clients get it as an opaque text: version, the list that it belongs to, direction, values, and a tag by which a text
/// that was not made here is refused. What it holds is not secret: the values are those of a row that the client has.
public struct Cursor: Sendable, Equatable {
    /// Which way to read on.
    public enum Direction: UInt8, Sendable {
        /// To the rows that follow.
        case after = 0
        /// To the rows that lead up to the place.
        case before = 1
    }

    /// A value of the row at the place, at its full precision.
    public enum Value: Sendable, Equatable {
        /// A number, such as a time in microseconds.
        case integer(Int64)
        /// Bytes, such as an id or the UTF-8 of a text.
        case bytes([UInt8])
    }

    /// Which way to read on.
    public let direction: Direction

    /// The values that the order compares, the unique one last.
    public let values: [Value]

    /// Names a place and a direction.
    ///
    /// At most 255 values, each of at most 65,535 bytes.
    public init(_ direction: Direction, values: [Value]) {
        self.direction = direction
        self.values = values
    }
}

// MARK: - The text

extension Cursor {
    /// The number of bytes of a tag: half of what HMAC-SHA256 gives (RFC 2104, section 5).
    public static let tagLength = 16

    private static let version: UInt8 = 1

    /// Makes the text for clients.
    public func text(in list: ListIdentity, signing: some CursorSigning) -> String {
        let content = [Self.version] + list.bytes + [direction.rawValue] + Self.bytes(of: values)
        return Base64URL.encode(content + signing.sign(content).prefix(Self.tagLength))
    }

    /// Reads a text that a client sent back.
    ///
    /// nil for any text that was not made for this list by one of the keys. Nothing of it is looked at before the tag
    /// has been found to be right.
    public init?(_ text: String, in list: ListIdentity, signing: some CursorSigning) {
        guard let bytes = Base64URL.decode(text), bytes.count > Self.tagLength else { return nil }
        let content = Array(bytes.dropLast(Self.tagLength))
        guard signing.verify(content, tag: Array(bytes.suffix(Self.tagLength))) else { return nil }
        let head = [Self.version] + list.bytes
        guard content.starts(with: head) else { return nil }
        var rest = content.dropFirst(head.count)
        guard let direction = rest.popFirst().flatMap(Direction.init(rawValue:)),
            let values = Self.values(of: &rest), rest.isEmpty
        else { return nil }
        self.init(direction, values: values)
    }

    private static func bytes(of values: [Value]) -> [UInt8] {
        var bytes = [UInt8(truncatingIfNeeded: values.count)]
        for value in values {
            switch value {
            case .integer(let number):
                bytes.append(0)
                bytes += bigEndian(UInt64(bitPattern: number), count: 8)
            case .bytes(let content):
                bytes.append(1)
                bytes += bigEndian(UInt64(content.count), count: 2)
                bytes += content
            }
        }
        return bytes
    }

    private static func values(of bytes: inout ArraySlice<UInt8>) -> [Value]? {
        guard let count = bytes.popFirst() else { return nil }
        var values: [Value] = []
        for _ in 0..<count {
            switch bytes.popFirst() {
            case 0:
                guard let number = number(&bytes, count: 8) else { return nil }
                values.append(.integer(Int64(bitPattern: number)))
            case 1:
                guard let length = number(&bytes, count: 2), bytes.count >= length else { return nil }
                values.append(.bytes(Array(bytes.prefix(Int(length)))))
                bytes = bytes.dropFirst(Int(length))
            default:
                return nil
            }
        }
        return values
    }

    private static func number(_ bytes: inout ArraySlice<UInt8>, count: Int) -> UInt64? {
        guard bytes.count >= count else { return nil }
        let number = bytes.prefix(count).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        bytes = bytes.dropFirst(count)
        return number
    }

    private static func bigEndian(_ number: UInt64, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - 1 - $0))) }
    }
}
