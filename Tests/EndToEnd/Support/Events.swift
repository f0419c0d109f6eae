import JSON
import Linux

/// A line of the event log.
struct Event {
    let process: String
    let pid: Int
    let message: String
}

extension Instance {
    /// The events so far, of the supervisor and all its children.
    func events() throws -> [Event] {
        try String(decoding: Files.read(eventLog), as: UTF8.self).split(separator: "\n").map { line in
            guard case .object(let members) = try JSONReader.read(Array(line.utf8)),
                case .string(let process)? = members["process"], case .string(let message)? = members["message"],
                case .integer(let pid)? = members["pid"]
            else { throw Failure("no event: \(line)") }
            return Event(process: process, pid: Int(pid), message: message)
        }
    }
}
