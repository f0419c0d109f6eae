/// Records of FastCGI 1.0 as a web server sends them.
public enum FastCGIRecord {
    /// The types of section 8 of the specification.
    public enum Kind: UInt8, Sendable {
        /// FCGI_BEGIN_REQUEST.
        case begin = 1
        /// FCGI_ABORT_REQUEST.
        case abort = 2
        /// FCGI_END_REQUEST.
        case end = 3
        /// FCGI_PARAMS.
        case params = 4
        /// FCGI_STDIN.
        case stdin = 5
        /// FCGI_STDOUT.
        case stdout = 6
        /// FCGI_STDERR.
        case stderr = 7
        /// FCGI_GET_VALUES.
        case getValues = 9
    }

    /// One record; its content has at most 65,535 bytes.
    public static func bytes(
        _ kind: Kind,
        _ content: [UInt8] = [],
        id: UInt16 = 1,
        version: UInt8 = 1,
        padding: UInt8 = 0
    ) -> [UInt8] {
        let count = UInt16(content.count)
        let header: [UInt8] = [
            version, kind.rawValue, UInt8(id >> 8), UInt8(id & 0xff), UInt8(count >> 8), UInt8(count & 0xff), padding,
            0,
        ]
        return header + content + [UInt8](repeating: 0xee, count: Int(padding))
    }

    /// BEGIN_REQUEST.
    public static func begin(keep: Bool, role: UInt8 = 1, id: UInt16 = 1) -> [UInt8] {
        bytes(.begin, [0, role, keep ? 1 : 0, 0, 0, 0, 0, 0], id: id)
    }

    /// What a pool sends behind an answer after which the connection is not to be used again: a record of the type
    /// FCGI_GET_VALUES_RESULT that nobody asked for.
    public static let farewell: [UInt8] = [1, 10, 0, 0, 0, 0, 0, 0]

    /// A name-value pair; lengths from 128 on take four bytes, and shorter ones too where `isLong` says so.
    public static func pair(_ name: String, _ value: String, isLong: Bool = false) -> [UInt8] {
        length(name.utf8.count, isLong) + length(value.utf8.count, isLong) + Array(name.utf8) + Array(value.utf8)
    }

    /// A stream of one kind: content in records of at most `size` bytes, and the empty record that ends it.
    public static func stream(
        _ kind: Kind,
        _ content: [UInt8],
        recordSize size: Int = 32_768,
        padding: UInt8 = 0,
        id: UInt16 = 1
    ) -> [UInt8] {
        var result: [UInt8] = []
        for start in stride(from: 0, to: content.count, by: size) {
            result += bytes(kind, Array(content[start..<min(start + size, content.count)]), id: id, padding: padding)
        }
        return result + bytes(kind, id: id)
    }

    /// BEGIN_REQUEST and all PARAMS.
    public static func head(_ parameters: [(String, String)], keep: Bool) -> [UInt8] {
        begin(keep: keep) + stream(.params, parameters.flatMap { pair($0.0, $0.1) })
    }

    /// A whole request, with CONTENT_LENGTH where it is not given.
    public static func request(_ parameters: [(String, String)] = [], body: [UInt8] = [], keep: Bool) -> [UInt8] {
        let isStated = parameters.contains { $0.0 == "CONTENT_LENGTH" }
        let length = isStated ? [] : [("CONTENT_LENGTH", "\(body.count)")]
        return head(parameters + length, keep: keep) + stream(.stdin, body)
    }

    private static func length(_ count: Int, _ isLong: Bool) -> [UInt8] {
        guard count > 127 || isLong else { return [UInt8(count)] }
        return [UInt8(count >> 24) | 0x80, UInt8(count >> 16 & 0xff), UInt8(count >> 8 & 0xff), UInt8(count & 0xff)]
    }
}
