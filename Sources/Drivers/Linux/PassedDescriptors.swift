internal import CLinux
internal import Glibc

extension Sockets {
    /// What came over a socket: a packet, and the descriptors that were passed with it.
    public struct Packet: ~Copyable {
        /// The bytes; empty at the end of the connection.
        public let bytes: [UInt8]
        /// The descriptors, each of which the owner of this value takes with ``take()`` or closes with it.
        private var passed: [Int32]
        /// True where this process had no room for all that were passed; the others are closed.
        public let isCut: Bool

        init(bytes: [UInt8], passed: [Int32], isCut: Bool) {
            self.bytes = bytes
            self.passed = passed
            self.isCut = isCut
        }

        deinit {
            for number in passed { close(number) }
        }

        /// How many descriptors there are still to take.
        public var count: Int { passed.count }

        /// Takes the next descriptor; nil where there is none.
        public mutating func take() -> FileDescriptor? {
            passed.isEmpty ? nil : FileDescriptor(owning: passed.removeFirst())
        }
    }

    /// The most descriptors of one packet; the kernel's own limit is 253.
    public static let mostPassed = Int(LINUX_MOST_PASSED)

    /// Sends a packet and copies of descriptors with it, without waiting: all of it, or nothing and an error.
    ///
    /// The receiver gets descriptors of the same open files (SCM_RIGHTS, unix(7)); the caller keeps its own.
    ///
    /// - Throws: ``SystemError``; `isTemporary` where the socket's buffer has no room, `ETOOMANYREFS` where more descriptors
    ///   are on their way than one user may have.
    public static func send(
        _ bytes: [UInt8],
        passing descriptors: [Int32] = [],
        over socket: borrowing FileDescriptor
    ) throws(SystemError) {
        // Both arrays live for the length of the call.
        let result = unsafe bytes.withUnsafeBytes { bytes in
            unsafe descriptors.withUnsafeBufferPointer { passed in
                unsafe linux_send_descriptors(
                    socket.number,
                    bytes.baseAddress,
                    bytes.count,
                    passed.baseAddress,
                    Int32(passed.count)
                )
            }
        }
        guard result == 0 else { throw SystemError.last("send descriptors") }
    }

    /// The next packet of a socket, cut to `limit` bytes; nil where none has come and the socket does not block.
    public static func receive(upTo limit: Int, from socket: borrowing FileDescriptor) throws(SystemError) -> Packet? {
        var passed = [Int32](repeating: -1, count: mostPassed)
        var count: Int32 = 0
        var isCut: Int32 = 0
        var received = 0
        // The kernel fills at most the capacity of either array, and says how much.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
            received = unsafe passed.withUnsafeMutableBufferPointer { places in
                unsafe linux_receive_descriptors(
                    socket.number,
                    buffer.baseAddress,
                    limit,
                    places.baseAddress,
                    &count,
                    &isCut
                )
            }
            initialized = max(0, received)
        }
        guard received >= 0 else {
            if linux_errno() == EAGAIN { return nil }
            throw SystemError.last("receive descriptors")
        }
        return Packet(bytes: bytes, passed: Array(passed.prefix(Int(count))), isCut: isCut != 0)
    }
}
