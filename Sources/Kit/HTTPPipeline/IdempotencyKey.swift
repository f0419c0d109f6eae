/// What a client calls a change, so that it may send it again without making it twice
/// (draft-ietf-httpapi-idempotency-key-header-07).
public struct IdempotencyKey: Sendable, Equatable {
    /// The most characters of one.
    public static let longest = 255

    /// The characters: 1 to 255, all of visible ASCII.
    public let text: String

    /// Reads the value of an `Idempotency-Key` field, or gives nil where it is none.
    ///
    /// The draft has a string of structured fields (RFC 9651, section 4.2.5), in quotation marks, with `\"` and `\\` for
    /// those two; many clients send the bare characters. Both are taken, and name the same change.
    public init?(_ value: String) {
        let quotationMark = UInt8(ascii: "\"")
        let backslash = UInt8(ascii: "\\")
        var bytes = Array(value.utf8)
        if bytes.first == quotationMark {
            guard bytes.count >= 2, bytes.last == quotationMark else { return nil }
            var rest = bytes.dropFirst().dropLast()
            bytes = []
            while let byte = rest.popFirst() {
                guard byte != quotationMark else { return nil }
                if byte == backslash {
                    guard let escaped = rest.popFirst(), escaped == quotationMark || escaped == backslash else {
                        return nil
                    }
                    bytes.append(escaped)
                } else {
                    bytes.append(byte)
                }
            }
        }
        guard (1...Self.longest).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        text = String(decoding: bytes, as: UTF8.self)
    }
}
