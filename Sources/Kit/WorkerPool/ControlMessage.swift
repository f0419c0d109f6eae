/// What supervisor and worker tell each other, one message a packet, over the worker's descriptor 3.
///
/// The end of the connection is a message too: to the supervisor, that the worker has ended; to the worker, that the
/// supervisor has gone.
enum ControlMessage: Equatable {
    /// To the supervisor: all handler threads wait for requests.
    case ready
    /// To the supervisor, about once a second: the companion has not been stopped.
    case alive
    /// To the supervisor: the worker cannot start, and why.
    case failed(String)
    /// To the supervisor: the logs are open anew.
    case logsReopened
    /// To the supervisor: they could not all be, and why.
    case logsNotReopened(String)
    /// To the worker: open the files of the logs anew, by their names.
    case reopenLogs
    /// To the worker: accept no more, serve each kept connection until the web server lets go of it, end.
    case retire
    /// To the worker: accept no more, finish what runs, end.
    case drain
    /// To the worker: end at once.
    case quit

    /// The most bytes of a message.
    static let sizeLimit = 4096

    var bytes: [UInt8] {
        switch self {
        case .ready: Array("ready".utf8)
        case .alive: Array("alive".utf8)
        case .failed(let reason): Array("failed \(reason)".utf8.prefix(Self.sizeLimit))
        case .logsReopened: Array("logs reopened".utf8)
        case .logsNotReopened(let reason): Array("logs not reopened \(reason)".utf8.prefix(Self.sizeLimit))
        case .reopenLogs: Array("reopen logs".utf8)
        case .retire: Array("retire".utf8)
        case .drain: Array("drain".utf8)
        case .quit: Array("quit".utf8)
        }
    }

    init?(bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        switch text {
        case "ready": self = .ready
        case "alive": self = .alive
        case "logs reopened": self = .logsReopened
        case "reopen logs": self = .reopenLogs
        case "retire": self = .retire
        case "drain": self = .drain
        case "quit": self = .quit
        default:
            if text.hasPrefix("failed ") {
                self = .failed(String(text.dropFirst("failed ".count)))
            } else if text.hasPrefix("logs not reopened ") {
                self = .logsNotReopened(String(text.dropFirst("logs not reopened ".count)))
            } else {
                return nil
            }
        }
    }
}
