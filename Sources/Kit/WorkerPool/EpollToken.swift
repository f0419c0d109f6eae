/// What an event of the worker's epoll set is about.
enum EpollToken: Equatable {
    /// A connection waits to be accepted.
    case listener
    /// The threads are to end.
    case stop
    /// A connection that has sent nothing since it was accepted, or that the control thread found to be complete.
    case silent(Int32)
    /// A connection that was kept after a request.
    case parked(Int32)

    // Descriptors take the lower 32 bits, the kind stands above.
    var rawValue: UInt64 {
        switch self {
        case .listener: 1 << 32
        case .stop: 2 << 32
        case .silent(let connection): 3 << 32 | UInt64(UInt32(bitPattern: connection))
        case .parked(let connection): 4 << 32 | UInt64(UInt32(bitPattern: connection))
        }
    }

    init?(rawValue: UInt64) {
        let connection = Int32(bitPattern: UInt32(truncatingIfNeeded: rawValue))
        switch rawValue >> 32 {
        case 1: self = .listener
        case 2: self = .stop
        case 3: self = .silent(connection)
        case 4: self = .parked(connection)
        default: return nil
        }
    }
}
