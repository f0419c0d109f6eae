import Linux

/// A process that the test started and that runs until it is told to end.
final class RunningProcess {
    let pid: Int32
    private let name: String
    private var end: ProcessEnd?

    /// Starts it; what it writes is appended to a file.
    init(_ program: String, _ arguments: [String], environment: [String] = [], log: String) throws {
        let file = try Files.open(log, .append(permissions: 0o600))
        name = "\(program) \(arguments.joined(separator: " "))"
        pid = try ChildProcess.spawn(
            path: program,
            arguments: [program] + arguments,
            environment: Program.environment(environment),
            descriptors: [nil, file.number, file.number]
        )
    }

    var isRunning: Bool { end == nil && ProcessTable.isRunning(pid) }

    func send(_ signal: Signal) {
        // Until its end has been taken the number is nobody else's.
        if end == nil { ChildProcess.send(signal, to: pid) }
    }

    /// Waits until it has ended.
    func waitForEnd(within seconds: Int64 = 20) throws -> ProcessEnd {
        if let end { return end }
        try eventually("the end of \(name)", within: seconds) { !ProcessTable.isRunning(pid) }
        let end = try ChildProcess.wait(for: pid)
        self.end = end
        return end
    }

    /// Ends it by the signal, and its children with it where that does not help.
    func stop(_ signal: Signal) {
        guard end == nil else { return }
        send(signal)
        if (try? waitForEnd(within: 10)) != nil { return }
        let children = ProcessTable.children(of: pid)
        for process in [pid] + children { ChildProcess.send(.kill, to: process) }
        _ = try? waitForEnd(within: 10)
    }
}

/// What the kernel tells about processes.
enum ProcessTable {
    /// False also for a process that has ended and that nobody has asked about yet.
    static func isRunning(_ pid: Int32) -> Bool {
        guard let status = try? Files.read("/proc/\(pid)/stat") else { return false }
        // The name stands in parentheses and may hold any character; the state follows.
        let text = String(decoding: status, as: UTF8.self)
        guard let parenthesis = text.lastIndex(of: ")") else { return false }
        return !["Z", "X"].contains(text[parenthesis...].dropFirst(2).first)
    }

    /// The memory that a process has in RAM, in KiB.
    static func residentMemory(of pid: Int32) throws -> Int {
        let status = String(decoding: try Files.read("/proc/\(pid)/status"), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let size = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure("the kernel tells no memory of process \(pid)")
        }
        return size
    }

    /// The processor time that a process has used, in milliseconds.
    static func processorTime(of pid: Int32) throws -> Int {
        let text = String(decoding: try Files.read("/proc/\(pid)/stat"), as: UTF8.self)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        // utime and stime, in ticks of a hundredth of a second (proc(5)).
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
            throw Failure("the kernel tells no times of process \(pid)")
        }
        return (user + system) * 10
    }

    static func children(of pid: Int32) -> [Int32] {
        let text = (try? Files.read("/proc/\(pid)/task/\(pid)/children")) ?? []
        return String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
    }
}
