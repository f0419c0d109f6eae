/// One small request to a FastCGI application and its answer, as whole bytes: the web server's side.
///
/// For commands that ask the application something, and for the supervisor, which tries new workers. Source: FastCGI specification 1.0, sections 3.3, 3.4, 5.1 to 5.5.
public enum BufferedExchange {
    /// The records of a request without a body, after whose answer the application closes the connection.
    public static func request(_ parameters: [(name: String, value: String)]) -> [UInt8] {
        var pairs: [UInt8] = []
        for (name, value) in parameters {
            pairs += length(name.utf8.count) + length(value.utf8.count) + Array(name.utf8) + Array(value.utf8)
        }
        // The first is for a responder, without FCGI_KEEP_CONN.
        let head = record(1, [0, 1, 0, 0, 0, 0, 0, 0]) + (pairs.isEmpty ? [] : record(4, pairs))
        // An empty record ends a stream.
        return head + record(4, []) + record(5, [])
    }

    /// What the application wrote, of all bytes that came; nil where the end of the request is missing.
    public static func output(of bytes: [UInt8]) -> [UInt8]? {
        var output: [UInt8] = []
        var offset = 0
        while bytes.count - offset >= 8 {
            let start = offset + 8
            let end = start + (Int(bytes[offset + 4]) << 8 | Int(bytes[offset + 5]))
            guard bytes.count >= end else { return nil }
            switch bytes[offset + 1] {
            case 3: return output
            case 6: output += bytes[start..<end]
            default: break
            }
            offset = end + Int(bytes[offset + 6])
        }
        return nil
    }

    private static func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = UInt16(clamping: content.count)
        return [1, type, 0, 1, UInt8(count >> 8), UInt8(truncatingIfNeeded: count), 0, 0] + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        let count = UInt32(clamping: count)
        return (0..<4).map { UInt8(truncatingIfNeeded: count >> UInt32(24 - 8 * $0)) | ($0 == 0 ? 0x80 : 0) }
    }
}
