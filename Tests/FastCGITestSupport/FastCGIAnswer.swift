/// What came back for one request.
public struct FastCGIAnswer: Equatable, Sendable {
    /// All of STDOUT.
    public let output: [UInt8]
    /// The application's status of END_REQUEST.
    public let applicationStatus: Int
    /// The protocol's status of END_REQUEST; 0 is FCGI_REQUEST_COMPLETE.
    public let protocolStatus: UInt8

    /// An answer that is expected; complete and with status 0 unless said otherwise.
    public init(output: [UInt8] = [], applicationStatus: Int = 0, protocolStatus: UInt8 = 0) {
        self.output = output
        self.applicationStatus = applicationStatus
        self.protocolStatus = protocolStatus
    }

    /// STDOUT as text.
    public var text: String { String(decoding: output, as: UTF8.self) }

    /// Takes the first answer off the front of some bytes; nil where it is not whole.
    public static func take(from bytes: inout [UInt8]) -> FastCGIAnswer? {
        var output: [UInt8] = []
        var offset = 0
        while bytes.count >= offset + 8 {
            let length = Int(bytes[offset + 4]) << 8 | Int(bytes[offset + 5])
            let start = offset + 8
            let next = start + length + Int(bytes[offset + 6])
            guard bytes.count >= next else { return nil }
            switch FastCGIRecord.Kind(rawValue: bytes[offset + 1]) {
            case .stdout: output += bytes[start..<start + length]
            case .end where length == 8:
                let status = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
                let answer = FastCGIAnswer(
                    output: output,
                    applicationStatus: status,
                    protocolStatus: bytes[start + 4]
                )
                bytes.removeFirst(next)
                return answer
            default: break
            }
            offset = next
        }
        return nil
    }
}
