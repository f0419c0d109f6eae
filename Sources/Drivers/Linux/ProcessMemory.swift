/// What a process has in memory.
public enum ProcessMemory {
    /// The bytes that are a process's own and no file's: RssAnon of proc_pid_status(5).
    ///
    /// What it maps from files, such as the memory that processes share, is not its own. Nil where there is no such
    /// process, or where this one may not look.
    public static func ownBytes(of process: Int32) -> Int? {
        guard let file = try? Files.read("/proc/\(process)/status", limit: 16 << 10) else { return nil }
        for line in String(decoding: file, as: UTF8.self).split(separator: "\n") where line.hasPrefix("RssAnon:") {
            // RssAnon:      1234 kB
            return line.split(separator: " ").dropLast().last.flatMap { Int($0) }.map { $0 << 10 }
        }
        return nil
    }

    /// How many processes the kernel has killed for want of memory since the machine was started.
    ///
    /// Those in groups with a limit among them: oom_kill of /proc/vmstat. Nil where that cannot be read.
    public static func outOfMemoryKills() -> Int? {
        guard let file = try? Files.read("/proc/vmstat", limit: 64 << 10) else { return nil }
        let line = String(decoding: file, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
        return line.flatMap { Int($0.dropFirst("oom_kill ".count)) }
    }
}
