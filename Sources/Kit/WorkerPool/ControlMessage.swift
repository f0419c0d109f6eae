/// What supervisor and worker tell each other, one message a packet, over the worker's descriptor 3.
///
/// The end of the connection is a message too: to the supervisor, that the worker has ended; to the worker, that the
/// supervisor has gone. Descriptors are passed with some (SCM_RIGHTS). The two may be of different versions of the program:
/// who does not know a word passes over it.
enum ControlMessage: Equatable {
    /// To the supervisor: all handler threads wait for requests.
    case ready
    /// To the supervisor, about once a second: the process has not been stopped.
    case alive
    /// To the supervisor: the worker cannot start, and why.
    case failed(String)
    /// To the supervisor: the logs are open anew.
    case logsReopened
    /// To the supervisor: they could not all be, and why.
    case logsNotReopened(String)
    /// To the worker: open the files of the logs anew, by their names.
    case reopenLogs
    /// To the supervisor: so many requests were answered with a fault since the worker started.
    case faults(Int)
    /// To the supervisor: the worker is worn, and why; another may take its place.
    case worn(String)
    /// To the supervisor: the worker retires, and whom it left its connections to has gone.
    case heirless
    /// To the worker: serve the connections that come with it.
    case take
    /// To the worker: accept connections.
    case accept
    /// To the worker: accept no more, leave each kept connection to the worker at the other end of the descriptor that
    /// comes with it, end. Without a descriptor, serve each until the web server lets go of it.
    case retire
    /// To the worker: take over what comes over the descriptor that comes with it.
    case inherit
    /// To the worker: accept no more, finish what runs, end.
    case drain
    /// To the worker: end at once.
    case quit

    /// The most bytes of a message.
    static let sizeLimit = 4096

    var bytes: [UInt8] {
        switch self {
        case .failed(let reason): Array("failed \(reason)".utf8.prefix(Self.sizeLimit))
        case .faults(let count): Array("faults \(count)".utf8)
        case .worn(let reason): Array("worn \(reason)".utf8.prefix(Self.sizeLimit))
        case .logsReopened: Array("logs reopened".utf8)
        case .logsNotReopened(let reason): Array("logs not reopened \(reason)".utf8.prefix(Self.sizeLimit))
        case .reopenLogs: Array("reopen logs".utf8)
        case .ready, .alive, .heirless, .take, .accept, .retire, .inherit, .drain, .quit: Array("\(self)".utf8)
        }
    }

    init?(bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        func rest(after word: String) -> String? { text.hasPrefix(word) ? String(text.dropFirst(word.count)) : nil }
        if let reason = rest(after: "failed ") {
            self = .failed(reason)
        } else if let reason = rest(after: "worn ") {
            self = .worn(reason)
        } else if let reason = rest(after: "logs not reopened ") {
            self = .logsNotReopened(reason)
        } else if let count = rest(after: "faults ").flatMap({ Int($0) }) {
            self = .faults(count)
        } else {
            let plain: [ControlMessage] = [
                .ready, .alive, .logsReopened, .reopenLogs, .heirless, .take, .accept, .retire, .inherit, .drain, .quit,
            ]
            guard let message = plain.first(where: { $0.bytes == bytes }) else { return nil }
            self = message
        }
    }
}
