/// What the first bytes of a FastCGI request are worth, found out before libfcgi reads them.
///
/// libfcgi trusts its peer: some malformed records end the process that parses them. A request is therefore looked at
/// in the socket's buffer (MSG_PEEK) and given to libfcgi only when all of it has arrived and is well-formed:
/// BEGIN_REQUEST, PARAMS and STDIN to their ends, and nothing behind. So no thread waits for a slow peer either. A body
/// beyond ``bodyWindow`` does not fit into the buffer; libfcgi gets the head of such a request alone, and the body is read
/// without it (``Request/adopt(_:head:)``). Source: FastCGI specification 1.0, sections 3.3, 3.4, 5.1 to 5.3.
public enum RecordInspection: Equatable, Sendable {
    /// The request is there and sound.
    case complete
    /// The head is there and sound, in so many bytes, and so is as much as the window holds of a larger body.
    case long(head: Int)
    /// Sound so far, but more must arrive.
    case incomplete
    /// Not what a web server sends; the connection is to be closed.
    case malformed(Fault)

    /// Why bytes are refused.
    public enum Fault: String, Sendable {
        /// The protocol version is not 1.
        case version = "the protocol version is not 1"
        /// The first record is not BEGIN_REQUEST with a body of 8 bytes.
        case begin = "the first record is not BEGIN_REQUEST"
        /// The role is not RESPONDER.
        case role = "the role is not RESPONDER"
        /// A record of another type or request stands before the end of PARAMS or of STDIN, or anything behind it.
        case order = "a record stands where PARAMS or STDIN must"
        /// The request has the number 0, which is that of management records.
        case requestID = "the request has no number"
        /// Padding stands behind BEGIN_REQUEST or behind the end of PARAMS, where no web server puts any.
        case padding = "BEGIN_REQUEST or the end of PARAMS is padded"
        /// A name or value runs past the end of the stream.
        case pair = "a name-value pair runs past the end of PARAMS"
        /// PARAMS are larger than a web server sends them.
        case size = "PARAMS are too large"
    }

    /// The most bytes of PARAMS, with their record headers, that are accepted: nginx itself refuses more than one record.
    public static let sizeLimit = 68 << 10

    /// The bytes behind the head that are looked at: nginx's largest body of 64 KiB with its record headers.
    ///
    /// More would not fit into the buffer of a unix socket together, so that waiting for it would be waiting for ever.
    public static let bodyWindow = 72 << 10

    /// Inspects what has arrived so far of one request.
    public static func inspect(_ bytes: Span<UInt8>) -> RecordInspection {
        if bytes.isEmpty { return .incomplete }
        if bytes[0] != 1 { return .malformed(.version) }
        guard bytes.count >= headerSize + beginBodySize else { return .incomplete }
        guard bytes[1] == beginRequest, uint16(bytes, at: 4) == beginBodySize else { return .malformed(.begin) }
        guard uint16(bytes, at: headerSize) == responder else { return .malformed(.role) }
        let requestID = uint16(bytes, at: 2)
        // libfcgi would take it for a management record, and some of those end the process.
        guard requestID != 0 else { return .malformed(.requestID) }
        // libfcgi forgets the padding of a record after which it changes to another stream (SetReaderType), and takes
        // it for the next records: there would be two opinions of what was asked.
        guard bytes[6] == 0 else { return .malformed(.padding) }

        var pairs = PairScanner()
        var offset = headerSize + beginBodySize
        while true {
            guard offset <= sizeLimit else { return .malformed(.size) }
            guard bytes.count >= offset + headerSize else { return .incomplete }
            guard bytes[offset] == 1 else { return .malformed(.version) }
            guard bytes[offset + 1] == params, uint16(bytes, at: offset + 2) == requestID else {
                return .malformed(.order)
            }
            let length = uint16(bytes, at: offset + 4)
            let padding = Int(bytes[offset + 6])
            let start = offset + headerSize
            if length == 0 {
                guard pairs.isAtBoundary else { return .malformed(.pair) }
                guard padding == 0 else { return .malformed(.padding) }
                return inspectBody(bytes, from: start, requestID: requestID)
            }
            guard bytes.count >= start + length else {
                return start + length > sizeLimit ? .malformed(.size) : .incomplete
            }
            guard pairs.scan(bytes, from: start, to: start + length) else { return .malformed(.size) }
            offset = start + length + padding
        }
    }

    /// Goes over the records of STDIN, which begin at `first`.
    private static func inspectBody(_ bytes: Span<UInt8>, from first: Int, requestID: Int) -> RecordInspection {
        var offset = first
        while true {
            if offset - first >= bodyWindow {
                // A header can announce a record that never comes: what counts is there.
                return bytes.count - first >= bodyWindow ? .long(head: first) : .incomplete
            }
            guard bytes.count >= offset + headerSize else { return .incomplete }
            guard bytes[offset] == 1 else { return .malformed(.version) }
            guard bytes[offset + 1] == stdin, uint16(bytes, at: offset + 2) == requestID else {
                return .malformed(.order)
            }
            let length = uint16(bytes, at: offset + 4)
            offset += headerSize + length + Int(bytes[offset + 6])
            if length == 0 {
                guard bytes.count >= offset else { return .incomplete }
                // Not before its answer: bytes behind the end would be lost in libfcgi's buffer.
                return bytes.count == offset ? .complete : .malformed(.order)
            }
        }
    }

    static let headerSize = 8
    static let beginBodySize = 8
    private static let beginRequest: UInt8 = 1
    private static let params: UInt8 = 4
    private static let stdin: UInt8 = 5
    private static let responder = 1

    static func uint16(_ bytes: Span<UInt8>, at offset: Int) -> Int {
        Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
    }
}

/// Walks over name-value pairs (section 3.4), which may cross from one record into the next.
private struct PairScanner {
    /// Bytes of the present pair's content that are still to come.
    private var content = 0
    /// The length that is being read: its value so far, and how many of its bytes are still to come.
    private var length = 0
    private var lengthBytesLeft = 0
    /// The length of the name, once it is known.
    private var nameLength: Int?

    var isAtBoundary: Bool { content == 0 && lengthBytesLeft == 0 && nameLength == nil }

    /// Goes over one record's content; false where a length is beyond all reason.
    mutating func scan(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
        var offset = start
        while offset < end {
            if content > 0 {
                let skipped = min(content, end - offset)
                content -= skipped
                offset += skipped
                continue
            }
            let byte = bytes[offset]
            offset += 1
            if lengthBytesLeft > 0 {
                length = length << 8 | Int(byte)
                lengthBytesLeft -= 1
            } else if byte < 0x80 {
                length = Int(byte)
            } else {
                length = Int(byte & 0x7f)
                lengthBytesLeft = 3
            }
            guard lengthBytesLeft == 0 else { continue }
            guard length <= RecordInspection.sizeLimit else { return false }
            if let name = nameLength {
                content = name + length
                nameLength = nil
            } else {
                nameLength = length
            }
        }
        return true
    }
}
