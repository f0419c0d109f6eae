internal import CLinux
internal import Glibc

/// A descriptor that one thread makes readable to wake others.
public struct EventDescriptor: ~Copyable, Sendable {
    private let file: FileDescriptor

    /// Makes one that is not yet readable.
    public init() throws(SystemError) {
        let number = linux_eventfd()
        guard number >= 0 else { throw SystemError.last("eventfd") }
        file = FileDescriptor(owning: number)
    }

    /// The number, to be watched in an ``Epoll`` set.
    public var number: Int32 { file.number }

    /// Makes it unreadable again.
    public func clear() {
        var count: UInt64 = 0
        // Eight bytes of this function's own; the descriptor does not block.
        _ = unsafe read(file.number, &count, 8)
    }

    /// Makes it readable, until it is cleared.
    public func set() {
        var one: UInt64 = 1
        // Eight bytes of this function's own; the write cannot block, since nobody adds up to 2^64 - 2.
        _ = unsafe write(file.number, &one, 8)
    }
}
