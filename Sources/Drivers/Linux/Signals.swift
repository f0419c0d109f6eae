internal import CLinux
internal import Glibc

/// A signal by its name.
public enum Signal: Int32, Sendable, CaseIterable {
    // The numbers are Linux's, the same on every architecture that Swift runs on (signal(7)).
    /// SIGHUP.
    case hangUp = 1
    /// SIGINT.
    case interrupt = 2
    /// SIGQUIT.
    case quit = 3
    /// SIGKILL.
    case kill = 9
    /// SIGUSR1.
    case user1 = 10
    /// SIGUSR2.
    case user2 = 12
    /// SIGTERM.
    case terminate = 15
    /// SIGCHLD.
    case child = 17
    /// SIGTTIN.
    case terminalInput = 21
    /// SIGTTOU.
    case terminalOutput = 22
    /// SIGWINCH.
    case windowChange = 28

    /// Whether terminals send it too, for their own reasons: then it means something else than where a process sends it.
    var isTerminals: Bool {
        switch self {
        case .terminalInput, .terminalOutput, .windowChange: true
        default: false
        }
    }
}

/// Signals as events: blocked everywhere, read from a descriptor, so that no handler ever interrupts a thread.
public struct SignalDescriptor: ~Copyable, Sendable {
    private let file: FileDescriptor

    /// Blocks all signals in the calling thread and those it starts later; a process calls it before any thread.
    public static func blockAll() {
        linux_block_all_signals()
    }

    /// Lets a write to a closed connection, or past the file size limit, fail with an error instead of a signal.
    ///
    /// libfcgi replaces an ignored SIGPIPE in `FCGX_Init`, so that this comes after it.
    public static func ignoreWriteFailures() {
        _ = linux_ignore_signal(SIGPIPE)
        _ = linux_ignore_signal(SIGXFSZ)
    }

    /// Gives back the default action of signals for which a library installed handlers.
    public static func restoreDefaults(_ signals: [Signal]) {
        for signal in signals { _ = linux_default_signal(signal.rawValue) }
    }

    /// Watches the given signals, which must be blocked.
    public init(_ signals: [Signal]) throws(SystemError) {
        let numbers = signals.map(\.rawValue)
        // The array lives for the length of the call.
        let number = unsafe numbers.withUnsafeBufferPointer { unsafe linux_signalfd($0.baseAddress, Int32($0.count)) }
        guard number >= 0 else { throw SystemError.last("signalfd") }
        file = FileDescriptor(owning: number)
    }

    /// The number, to be watched in an ``Epoll`` set.
    public var number: Int32 { file.number }

    /// The next signal that came, or nil.
    ///
    /// What a terminal says of itself (SIGWINCH when it is resized, SIGTTIN and SIGTTOU of its job control) is passed over.
    public func next() -> Signal? {
        while true {
            var isFromProcess: Int32 = 0
            // The flag is this function's own for the length of the call.
            let number = unsafe linux_signalfd_next(file.number, &isFromProcess)
            guard number != 0 else { return nil }
            guard let signal = Signal(rawValue: number) else { continue }
            if isFromProcess != 0 || !signal.isTerminals { return signal }
        }
    }
}
