/// What an event of the worker's epoll set is about.
enum EpollToken: Equatable {
    /// A connection waits to be accepted.
    case listener
    /// The threads are to end.
    case stop
    /// A connection that has sent nothing since it was accepted, or that the control thread found to be complete.
    ///
    /// Its event may be in a thread's hand while the control thread closes it and the number is given to another
    /// connection; the serial tells the two apart.
    case silent(WaitingConnection)
    /// A connection whose heavy request has waited too long, and is to be turned away; claimed as a silent one.
    case overdue(WaitingConnection)
    /// A connection that was kept after a request; whoever takes it out of ``WorkerState/kept`` has it.
    case parked(Int32)

    // From below: the descriptor in 32 bits, the serial in 28, the kind in 4.
    var rawValue: UInt64 {
        switch self {
        case .listener: Self.value(1)
        case .stop: Self.value(2)
        case .silent(let connection): Self.value(3, connection.serial, connection.number)
        case .parked(let connection): Self.value(4, 0, connection)
        case .overdue(let connection): Self.value(5, connection.serial, connection.number)
        }
    }

    init?(rawValue: UInt64) {
        let number = Int32(bitPattern: UInt32(truncatingIfNeeded: rawValue))
        let serial = UInt32(truncatingIfNeeded: rawValue >> 32) & WaitingConnection.largestSerial
        switch rawValue >> 60 {
        case 1: self = .listener
        case 2: self = .stop
        case 3: self = .silent(WaitingConnection(number: number, serial: serial))
        case 4: self = .parked(number)
        case 5: self = .overdue(WaitingConnection(number: number, serial: serial))
        default: return nil
        }
    }

    private static func value(_ kind: UInt64, _ serial: UInt32 = 0, _ number: Int32 = 0) -> UInt64 {
        kind << 60 | UInt64(serial) << 32 | UInt64(UInt32(bitPattern: number))
    }
}

/// A connection that waits, by its number and by how manieth it is: numbers are used again, serials only after 2^28.
struct WaitingConnection: Hashable, Sendable {
    static let largestSerial: UInt32 = 1 << 28 - 1

    let number: Int32
    let serial: UInt32
}
