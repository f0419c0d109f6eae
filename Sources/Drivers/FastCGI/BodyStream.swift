internal import Glibc
internal import Linux

/// STDIN of a request whose body is too large to be inspected whole before it is taken: read record by record.
///
/// libfcgi never sees these records. It would act on others that stand between them, and some of those end the process;
/// here everything but STDIN of this request is the end of the stream, and an error.
struct BodyStream {
    private let connection: Int32
    private let requestID: Int
    /// Bytes of the present record that are still to come.
    private var content = 0
    private var padding = 0
    /// The empty record that ends STDIN has been read.
    private(set) var isComplete = false
    /// The peer closed, the connection was shut down, or something else than STDIN came.
    private(set) var isBroken = false

    /// Begins behind the head of the request, with the connection's number, which outlives this.
    init(connection: Int32, requestID: Int) {
        self.connection = connection
        self.requestID = requestID
    }

    var isAtEnd: Bool { isComplete || isBroken }

    /// Fills the front of a buffer, waiting for the peer; less than its size only at the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        while count < buffer.count, nextContent() {
            let wanted = min(content, buffer.count - count)
            guard unsafe receive(UnsafeMutableRawBufferPointer(rebasing: buffer[count..<count + wanted])) else { break }
            content -= wanted
            count += wanted
        }
        return count
    }

    /// Goes on to a record that has content; false at the end.
    private mutating func nextContent() -> Bool {
        while content == 0, !isAtEnd {
            // The padding of the record before, 255 bytes at most, and the next header: for the length of the call.
            unsafe withUnsafeTemporaryAllocation(byteCount: 255 + 8, alignment: 1) { bytes in
                guard unsafe receive(UnsafeMutableRawBufferPointer(rebasing: bytes[..<(padding + 8)])) else { return }
                unsafe begin(UnsafeRawBufferPointer(rebasing: bytes[padding..<(padding + 8)]))
            }
        }
        return !isAtEnd
    }

    /// Takes the header of a record (FastCGI specification 1.0, section 3.3).
    private mutating func begin(_ header: UnsafeRawBufferPointer) {
        let id = unsafe Int(header[2]) << 8 | Int(header[3])
        guard unsafe header[0] == 1, unsafe header[1] == 5, id == requestID else {
            isBroken = true
            return
        }
        content = unsafe Int(header[4]) << 8 | Int(header[5])
        padding = unsafe Int(header[6])
        guard content == 0 else { return }
        // The padding of the last record belongs to the stream too.
        unsafe withUnsafeTemporaryAllocation(byteCount: 255, alignment: 1) { bytes in
            isComplete = unsafe receive(UnsafeMutableRawBufferPointer(rebasing: bytes[..<padding]))
        }
    }

    /// Fills all of a buffer, or notes that it cannot.
    private mutating func receive(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
        var count = 0
        while count < buffer.count {
            // The part of the caller's buffer that is not filled yet.
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let received = unsafe recv(connection, part.baseAddress, part.count, 0)
            if received < 0, errno == EINTR { continue }
            guard received > 0 else {
                isBroken = true
                return false
            }
            count += received
        }
        return true
    }
}
