internal import CLinux
internal import Glibc

/// How a process ended.
public enum ProcessEnd: Sendable, Equatable, CustomStringConvertible {
    /// By itself, with this status.
    case exited(Int32)
    /// By this signal.
    case killed(signal: Int32)

    init(waitStatus: Int32) {
        self =
            linux_exited(waitStatus) != 0
            ? .exited(linux_exit_status(waitStatus)) : .killed(signal: linux_term_signal(waitStatus))
    }

    /// In words, for the log.
    public var description: String {
        switch self {
        case .exited(let status): "exited with status \(status)"
        case .killed(let signal): "was ended by signal \(signal)"
        }
    }
}

/// Processes that this one starts.
public enum ChildProcess {
    /// Starts a program in a session of its own, so that signals of the terminal do not reach it.
    ///
    /// All signals have their default action and none is blocked. The child gets only the named descriptors.
    ///
    /// - Parameters:
    ///   - path: the file to run.
    ///   - arguments: with the program's name first.
    ///   - environment: `NAME=value` each.
    ///   - descriptors: descriptor i of the list becomes descriptor i of the child; nil is /dev/null.
    /// - Returns: the id of the process.
    /// - Throws: ``SystemError`` where the program cannot be started.
    public static func spawn(
        path: String,
        arguments: [String],
        environment: [String],
        descriptors: [Int32?]
    ) throws(SystemError) -> Int32 {
        let argv = CStringArray(arguments)
        let envp = CStringArray(environment)
        let numbers = descriptors.map { $0 ?? -1 }
        var pid: Int32 = 0
        // All arrays live until the call returns; posix_spawn copies what it needs.
        let result = withExtendedLifetime((argv, envp)) {
            unsafe numbers.withUnsafeBufferPointer { list in
                unsafe linux_spawn(path, argv.pointer, envp.pointer, list.baseAddress, Int32(list.count), &pid)
            }
        }
        guard result == 0 else { throw SystemError("start \(path)", errorNumber: result) }
        return pid
    }

    /// Lets another program take the place of this process: same id, same terminal, same descriptors 0 to 2.
    ///
    /// Returns only by throwing, where the program cannot be started.
    public static func replaceThisProcess(
        path: String,
        arguments: [String],
        environment: [String]
    ) throws(SystemError) -> Never {
        let argv = CStringArray(arguments)
        let envp = CStringArray(environment)
        // All arrays live until the call returns, which it does only where it fails.
        withExtendedLifetime((argv, envp)) { _ = unsafe execve(path, argv.pointer, envp.pointer) }
        throw SystemError.last("start \(path)")
    }

    /// Takes the end of any child that has ended, without waiting.
    public static func reap() -> (pid: Int32, end: ProcessEnd)? {
        var status: Int32 = 0
        let pid = unsafe linux_wait_any(&status)
        return pid > 0 ? (pid, ProcessEnd(waitStatus: status)) : nil
    }

    /// Waits for the end of one child.
    public static func wait(for pid: Int32) throws(SystemError) -> ProcessEnd {
        var status: Int32 = 0
        while unsafe linux_wait_for(pid, &status) < 0 {
            if linux_errno() != EINTR { throw SystemError.last("wait for process \(pid)") }
        }
        return ProcessEnd(waitStatus: status)
    }

    /// Sends a signal; a process that has ended is fine.
    public static func send(_ signal: Signal, to pid: Int32) {
        _ = kill(pid, signal.rawValue)
    }
}

/// A NULL-terminated array of C strings that lives as long as this object.
@safe private final class CStringArray {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        unsafe pointer = UnsafeMutablePointer.allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { unsafe pointer[index] = strdup(string) }
        unsafe pointer[count] = nil
    }

    deinit {
        for index in 0..<count { unsafe free(pointer[index]) }
        unsafe pointer.deallocate()
    }
}
