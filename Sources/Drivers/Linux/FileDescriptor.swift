internal import CLinux
internal import Glibc

/// The owner of one open descriptor, which is closed when its owner ends.
///
/// Every descriptor that this module makes is close-on-exec. Reads and writes are retried on EINTR.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number, valid while this owner lives.
    public let number: Int32

    /// Takes over a descriptor that the caller owns.
    public init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Gives the number away; the caller closes it.
    public consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }

    /// Lets go of the open file, while the number stays taken: it is /dev/null from here on.
    ///
    /// For a descriptor that other threads may be about to use. Where /dev/null cannot be opened nothing changes.
    public func abandon() {
        linux_point_at_null(number)
    }

    /// Makes a second, independent owner of the same open file.
    public func duplicate() throws(SystemError) -> FileDescriptor {
        let copy = linux_duplicate(number)
        guard copy >= 0 else { throw SystemError.last("duplicate a descriptor") }
        return FileDescriptor(owning: copy)
    }

    /// Says whether reads, writes and accepts return at once when they would have to wait.
    ///
    /// The setting belongs to the open file, so that all processes that share it see the change.
    public func setNonblocking(_ on: Bool) throws(SystemError) {
        guard linux_set_nonblocking(number, on ? 1 : 0) == 0 else { throw SystemError.last("set O_NONBLOCK") }
    }

    /// Says whether the descriptor is closed by exec.
    public func setCloseOnExec(_ on: Bool) throws(SystemError) {
        guard linux_set_close_on_exec(number, on ? 1 : 0) == 0 else { throw SystemError.last("set FD_CLOEXEC") }
    }

    /// Writes all bytes, waiting where the descriptor blocks.
    public func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        var offset = 0
        while offset < bytes.count { offset += try write(bytes, from: offset) }
    }

    /// Writes the bytes from an offset on, as many as can be written at once.
    ///
    /// - Returns: how many were written; one at least where there are any.
    public func write(_ bytes: [UInt8], from offset: Int) throws(SystemError) -> Int {
        precondition((0...bytes.count).contains(offset), "beyond the bytes")
        while true {
            // The buffer lives for the length of the closure, and offset stays within it.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(number, buffer.baseAddress.map { unsafe $0 + offset }, buffer.count - offset)
            }
            if count >= 0 { return count }
            if linux_errno() != EINTR { throw SystemError.last("write") }
        }
    }

    /// Writes what there is room for, beginning with the byte at `start`; the descriptor does not block.
    ///
    /// - Returns: how many bytes were written; 0 where there is no room now.
    public func writeSome(_ bytes: [UInt8], from start: Int) throws(SystemError) -> Int {
        do throws(SystemError) {
            return try write(bytes, from: start)
        } catch {
            guard error.errorNumber == EAGAIN else { throw error }
            return 0
        }
    }

    /// Reads at most `limit` bytes; an empty array means the end of the file.
    public func read(upTo limit: Int) throws(SystemError) -> [UInt8] {
        while true {
            // The array's own storage, of the stated capacity, filled by the kernel up to the returned count.
            var count = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
                count = unsafe Glibc.read(number, buffer.baseAddress, limit)
                initialized = max(0, count)
            }
            if count >= 0 { return bytes }
            if linux_errno() != EINTR { throw SystemError.last("read") }
        }
    }

    /// Goes back to the beginning of a file.
    public func rewind() throws(SystemError) {
        guard lseek(number, 0, SEEK_SET) == 0 else { throw SystemError.last("lseek") }
    }

    /// Reads to the end of the file.
    ///
    /// Throws `EFBIG` where the file holds more than `limit` bytes.
    public func readAll(limit: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let part = try read(upTo: min(65_536, limit + 1 - bytes.count))
            if part.isEmpty { return bytes }
            bytes += part
            if bytes.count > limit { throw SystemError("read", errorNumber: EFBIG) }
        }
    }
}
