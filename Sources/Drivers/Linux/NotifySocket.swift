internal import CLinux

/// The way to tell whoever started this process as a service how it fares: systemd, by the protocol of sd_notify(3).
///
/// The protocol is text in datagrams to a socket that `NOTIFY_SOCKET` names, so that no library is needed.
public struct NotifySocket: Sendable {
    private let name: String

    /// After how many nanoseconds without a sign of life the manager ends this process; nil where it does not watch.
    ///
    /// A sign twice as often is what the manual asks for (sd_watchdog_enabled(3)).
    public let watchdogInterval: Int64?

    /// The socket that the environment names (`NAME=value` each), or nil where nobody wants to be told.
    public init?(environment: [String]) {
        func value(_ name: String) -> String? {
            environment.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        guard let socket = value("NOTIFY_SOCKET"), socket.hasPrefix("/") || socket.hasPrefix("@") else { return nil }
        name = socket
        // Where the variables are for another process, they were inherited and mean nothing.
        let isForOther = value("WATCHDOG_PID").map { $0 != "\(ThisProcess.id)" } ?? false
        let microseconds = value("WATCHDOG_USEC").flatMap { Int64($0) } ?? 0
        let isWatching = !isForOther && microseconds > 0 && microseconds < .max / 1000
        watchdogInterval = isWatching ? microseconds * 1000 : nil
    }

    /// Tells the manager something: `NAME=value` each.
    ///
    /// A manager that does not listen, or not fast enough, is not waited for: a service works on without it.
    public func tell(_ assignments: String...) {
        let text = Array(assignments.joined(separator: "\n").utf8)
        // The array and the name live for the length of the call.
        _ = unsafe text.withUnsafeBytes { unsafe linux_send_datagram(name, $0.baseAddress, $0.count) }
    }
}
