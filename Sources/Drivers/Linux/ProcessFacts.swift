internal import Glibc

/// What the kernel tells of a process (proc(5)); of no use for decisions, since the process may end meanwhile.
public struct ProcessFacts: Sendable, Equatable {
    /// The words that it was started with, its name first; empty for one that has ended.
    public let arguments: [String]
    /// The memory that it has in RAM, what it shares with others included, in bytes.
    public let residentBytes: Int

    /// Asks about a process; nil where there is none.
    public init?(of process: Int32) {
        guard let line = try? Files.read("/proc/\(process)/cmdline", limit: 64 << 10),
            let sizes = try? Files.read("/proc/\(process)/statm", limit: 256)
        else { return nil }
        arguments = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        // Pages in all, then those in RAM.
        let pages = String(decoding: sizes, as: UTF8.self).split(separator: " ").dropFirst().first.flatMap { Int($0) }
        residentBytes = (pages ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The children of a process, as far as the kernel tells (CONFIG_PROC_CHILDREN).
    public static func children(of process: Int32) -> [Int32] {
        let text = (try? Files.read("/proc/\(process)/task/\(process)/children", limit: 64 << 10)) ?? []
        return String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
    }
}
