public import Linux
internal import Synchronization

/// A log of lines in one file, written in batches, off the way of the requests.
///
/// Each thread appends to a ``LineBuffer`` of its own; one thread calls ``flush()`` now and then. Lines of one thread
/// stay in order, and a batch is one write to a file opened for appending, so that no line is torn.
public final class LineLog: Sendable {
    private let file: FileDescriptor
    private let buffers = Mutex<[LineBuffer]>([])

    /// Takes a file that is open for appending.
    public init(file: consuming FileDescriptor) {
        self.file = file
    }

    /// Makes a buffer for one thread; it lives as long as the log.
    public func makeBuffer() -> LineBuffer {
        let buffer = LineBuffer()
        buffers.withLock { $0.append(buffer) }
        return buffer
    }

    /// Writes what all buffers hold.
    ///
    /// Where the file cannot be written (a full disk) the lines are lost: requests are worth more than their log.
    ///
    /// - Throws: the reason, so that the caller can tell it once.
    public func flush() throws(SystemError) {
        var batch: [UInt8] = []
        for buffer in buffers.withLock({ $0 }) { buffer.take(into: &batch) }
        if !batch.isEmpty { try file.writeAll(batch) }
    }
}

/// Lines that wait to be written; appended to by one thread, taken by the one that writes.
public final class LineBuffer: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    /// Appends a line that ends in a line feed.
    public func append(_ line: [UInt8]) {
        bytes.withLock { $0 += line }
    }

    fileprivate func take(into batch: inout [UInt8]) {
        let taken = bytes.withLock { bytes in
            let taken = bytes
            bytes = []
            return taken
        }
        batch += taken
    }
}
