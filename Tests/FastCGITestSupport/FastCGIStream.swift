/// What a stream of bytes asks for, by the specification alone: the second opinion beside the inspection of the driver.
///
/// In one thing it is stricter: padding behind BEGIN_REQUEST and behind the end of PARAMS asks for nothing, since libfcgi
/// would read it as records.
///
/// It is written in another way: all records first, then all parameters as one text.
public struct FastCGIStream: Equatable, Sendable {
    /// A request whose head is whole and sound.
    public struct Request: Equatable, Sendable {
        /// The parameters, in their order, as libfcgi shows them: C strings, split at the first "=".
        public let parameters: [(name: [UInt8], value: [UInt8])]
        /// The bytes of STDIN, or nil where it does not end, or something else stands in it.
        public let bodyLength: Int?

        /// The first value of that name.
        public func value(_ name: String) -> [UInt8]? { parameters.first { $0.name.elementsEqual(name.utf8) }?.value }

        /// Equal in all of both.
        public static func == (left: Request, right: Request) -> Bool {
            left.bodyLength == right.bodyLength
                && left.parameters.elementsEqual(right.parameters) { $0.name == $1.name && $0.value == $1.value }
        }
    }

    /// The requests in their order; what follows the last is none.
    public let requests: [Request]
    /// Whether each request is whole, and nothing else is there.
    public let isWhole: Bool

    /// Reads as many requests as there are.
    ///
    /// Nothing is asked for by one that is not whole, but for one with `window` bytes of a body or more, which is served
    /// before its end is known.
    public init(_ bytes: [UInt8], window: Int = .max) {
        var requests: [Request] = []
        var rest = bytes[...]
        while !rest.isEmpty, let request = Self.takeRequest(from: &rest, window) { requests.append(request) }
        self.requests = requests
        isWhole = rest.isEmpty && requests.allSatisfy { $0.bodyLength != nil }
    }

    private struct Record {
        let kind: UInt8
        let id: Int
        let content: [UInt8]
        let isPadded: Bool
    }

    private static func takeRecord(from bytes: inout ArraySlice<UInt8>) -> Record? {
        let header = Array(bytes.prefix(8))
        guard header.count == 8, header[0] == 1 else { return nil }
        let length = Int(header[4]) << 8 + Int(header[5])
        guard bytes.count >= 8 + length + Int(header[6]) else { return nil }
        let content = Array(bytes.dropFirst(8).prefix(length))
        bytes = bytes.dropFirst(8 + length + Int(header[6]))
        return Record(
            kind: header[1],
            id: Int(header[2]) << 8 + Int(header[3]),
            content: content,
            isPadded: header[6] > 0
        )
    }

    private static func takeRequest(from bytes: inout ArraySlice<UInt8>, _ window: Int) -> Request? {
        var rest = bytes
        guard let begin = takeRecord(from: &rest), begin.kind == 1, begin.id != 0, begin.content.count == 8,
            begin.content.prefix(2) == [0, 1], !begin.isPadded
        else { return nil }
        var text: [UInt8] = []
        while true {
            guard let record = takeRecord(from: &rest), record.kind == 4, record.id == begin.id else { return nil }
            if record.content.isEmpty {
                guard !record.isPadded else { return nil }
                break
            }
            text += record.content
        }
        guard let parameters = pairs(in: text) else { return nil }
        let start = rest.count
        var length = 0
        while let record = takeRecord(from: &rest), record.kind == 5, record.id == begin.id {
            length += record.content.count
            if record.content.isEmpty {
                bytes = rest
                return Request(parameters: parameters, bodyLength: length)
            }
        }
        guard start >= window else { return nil }
        // Nothing behind it can be told from it.
        bytes = []
        return Request(parameters: parameters, bodyLength: nil)
    }

    /// Name-value pairs (section 3.4), or nil where one runs past the end.
    private static func pairs(in text: [UInt8]) -> [(name: [UInt8], value: [UInt8])]? {
        var content = text[...]
        func length() -> Int? {
            guard let byte = content.popFirst() else { return nil }
            guard byte >= 0x80 else { return Int(byte) }
            guard content.count >= 3 else { return nil }
            defer { content = content.dropFirst(3) }
            return content.prefix(3).reduce(Int(byte & 0x7f)) { $0 << 8 + Int($1) }
        }
        var pairs: [(name: [UInt8], value: [UInt8])] = []
        while !content.isEmpty {
            guard let name = length(), let value = length(), content.count >= name + value else { return nil }
            let entry = Array(content.prefix(name)) + [UInt8(ascii: "=")] + content.dropFirst(name).prefix(value)
            content = content.dropFirst(name + value)
            let string = entry.prefix { $0 != 0 }
            guard let equals = string.firstIndex(of: UInt8(ascii: "=")) else { continue }
            pairs.append((Array(string[..<equals]), Array(string[(equals + 1)...])))
        }
        return pairs
    }
}
