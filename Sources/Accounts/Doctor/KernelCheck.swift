internal import Linux

/// Whether the limits of the kernel are wide enough for the pool.
package struct KernelCheck: Check {
    /// Below this many a busy worker runs out of descriptors; each connection that waits needs one.
    static let fewestDescriptors = 4096

    private let backlog: Int
    private let lockFile: String

    /// Names what the pool needs.
    ///
    /// - Parameters:
    ///   - backlog: how many connections may wait to be accepted.
    ///   - lockFile: holds the id of the supervisor while one runs, whose limits count then.
    package init(backlog: Int, lockFile: String) {
        self.backlog = backlog
        self.lockFile = lockFile
    }

    package func run() -> [Finding] {
        var findings: [Finding] = []
        if let bound = Self.read("/proc/sys/net/core/somaxconn").flatMap({ Int($0.trimmed) }) {
            findings.append(queue(bound))
        }
        let supervisor = Self.read(lockFile).flatMap { Int32($0.trimmed) }
        let served = supervisor.flatMap { Self.read("/proc/\($0)/limits") }
        if let table = served ?? Self.read("/proc/self/limits"), let limit = Self.descriptorLimit(in: table) {
            findings.append(descriptors(limit, ofPool: served != nil))
        }
        return findings
    }

    func queue(_ bound: Int) -> Finding {
        guard bound < backlog else {
            return .ok("kernel", "net.core.somaxconn is \(bound), pool.backlog \(backlog)")
        }
        return .warning(
            "kernel",
            "net.core.somaxconn is \(bound), less than pool.backlog (\(backlog))",
            remedy: "sysctl -w net.core.somaxconn=\(backlog), or set pool.backlog to \(bound)"
        )
    }

    func descriptors(_ limit: Int, ofPool: Bool) -> Finding {
        let whose = ofPool ? "the pool" : "this user"
        guard limit < Self.fewestDescriptors else { return .ok("kernel", "\(whose) may open \(limit) descriptors") }
        return .warning(
            "kernel",
            "\(whose) may open \(limit) descriptors only, and each connection needs one",
            remedy: "LimitNOFILE=65536 in the unit, or ulimit -Hn"
        )
    }

    /// The hard limit, to which workers raise their own; from the kernel's table of a process.
    static func descriptorLimit(in table: String) -> Int? {
        // Max open files            1024                 524288               files
        guard let line = table.split(separator: "\n").first(where: { $0.hasPrefix("Max open files") }) else {
            return nil
        }
        let words = line.split(separator: " ")
        guard words.count >= 5 else { return nil }
        return words[4] == "unlimited" ? Int.max : Int(words[4])
    }

    private static func read(_ path: String) -> String? {
        (try? Files.read(path, limit: 64 << 10)).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension String {
    fileprivate var trimmed: String { String(drop(while: { $0.isWhitespace }).prefix(while: { !$0.isWhitespace })) }
}
