public import Linux
public import Logging

/// The life of the workers' companion: a process of the pool that serves no request and does what all need done once.
///
/// Started by the supervisor with the control connection on descriptor 3, watched and replaced as a worker is, and told
/// last when the pool ends. One thread does the work, and another says that the process lives: work may take long, but
/// a process that was stopped says nothing. Signals are blocked and read from a descriptor.
public final class Companion {
    private enum Wake: UInt64 {
        case control, signal
    }

    private let control: FileDescriptor
    private var housekeeping: (any Housekeeping)?
    private var isEnding = false
    private let log: Logger
    private let signals: SignalDescriptor
    private let epoll: Epoll

    /// Takes over the control connection; `SignalDescriptor.blockAll()` comes before.
    public init(control: consuming FileDescriptor, log: Logger) throws {
        ThisProcess.keepDescriptorsFromChildren()
        self.control = control
        self.log = log
        signals = try SignalDescriptor([.terminate, .quit, .interrupt, .user1])
        epoll = try Epoll()
        try epoll.add(self.control.number, .readable, token: Wake.control.rawValue)
        try epoll.add(signals.number, .readable, token: Wake.signal.rawValue)
    }

    /// Calls the housekeeping ten times a second until it is told to end, or the supervisor has gone.
    public func run(_ housekeeping: any Housekeeping) throws {
        self.housekeeping = housekeeping
        defer { self.housekeeping = nil }
        try control.writeAll(ControlMessage.ready.bytes)
        let pulse = try Pulse(over: control)
        defer { pulse.end() }
        log.info("ready")
        while !isToldToEnd(withinMilliseconds: 100) { housekeeping.tick() }
        housekeeping.finish()
        log.info("ends")
    }

    /// Whether it has been told to end, without waiting: for work that takes long, which asks between its parts and gives up.
    ///
    /// On the thread of ``run(_:)``. Logs are opened anew meanwhile where somebody asks for it.
    public func isToldToEnd() -> Bool { isToldToEnd(withinMilliseconds: 0) }

    /// Waits so long for somebody who says so.
    private func isToldToEnd(withinMilliseconds patience: Int32) -> Bool {
        guard !isEnding else { return true }
        switch epoll.wait(milliseconds: patience).flatMap(Wake.init(rawValue:)) {
        case .control:
            let packet = (try? control.read(upTo: ControlMessage.sizeLimit)) ?? []
            // Whatever else the supervisor says, be it by its end, means this.
            if ControlMessage(bytes: packet) == .reopenLogs { reopenLogs() } else { isEnding = true }
        case .signal:
            if signals.next() == .user1 { reopenLogs() } else { isEnding = true }
        case nil: break
        }
        return isEnding
    }

    private func reopenLogs() {
        do {
            try housekeeping?.reopenLogs()
            log.info("logs are open anew")
        } catch {
            log.error("logs could not be opened anew", metadata: ["reason": "\(error)"])
        }
    }
}
