internal import CLinux
internal import Glibc

/// What this process is and may use.
public enum ThisProcess {
    /// Its id.
    public static var id: Int32 { getpid() }

    /// The id of the process that started it; 1 or that of another caretaker where that one has ended.
    public static var parent: Int32 { getppid() }

    /// The user on whose behalf it works.
    public static var user: UInt32 { geteuid() }

    /// The group on whose behalf it works.
    public static var group: UInt32 { getegid() }

    /// True for root.
    public static var isSuperuser: Bool { user == 0 }

    /// The number of processors that are online.
    public static var processors: Int { max(1, Int(linux_processors())) }

    /// The path by which this process was started, in absolute form and without resolving links.
    ///
    /// So it names the new program after the file, or a link on the way to it, has been replaced. A program that was
    /// found on the search path is named as the kernel knows it.
    public static func executablePath() throws(SystemError) -> String {
        if let name = CommandLine.arguments.first, name.contains("/") { return Files.absolute(name) }
        // The kernel fills at most the stated capacity, and says how much.
        var length = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, initialized in
            length = unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return -1 }
                return unsafe readlink("/proc/self/exe", start, text.count)
            }
            initialized = max(0, length)
        }
        guard length > 0 else { throw SystemError.last("readlink /proc/self/exe") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The environment as `NAME=value` lines.
    public static func environment() -> [String] {
        var lines: [String] = []
        // A NULL-terminated array that nobody changes: this program never calls setenv.
        guard var entry = unsafe linux_environment() else { return [] }
        while let line = unsafe entry.pointee {
            lines.append(unsafe String(cString: line))
            unsafe entry += 1
        }
        return lines
    }

    /// The environment by name; the first of two with the same name counts.
    public static func environmentVariables() -> [String: String] {
        var variables: [String: String] = [:]
        for line in environment() {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let name = String(line[..<equals])
            if variables[name] == nil { variables[name] = String(line[line.index(after: equals)...]) }
        }
        return variables
    }

    /// Names the process in ps and top; 15 bytes at most are kept.
    public static func setName(_ name: String) {
        _ = unsafe linux_set_thread_name(name)
    }

    /// Takes as many descriptors as the hard limit allows, since each kept connection needs one, and tells how many.
    @discardableResult
    public static func raiseDescriptorLimit() -> UInt64 {
        _ = linux_raise_descriptor_limit()
        return linux_descriptor_limit()
    }

    /// Keeps what whoever started this process left open from the children, but for descriptors 0 to 2.
    ///
    /// Every descriptor that this module makes is close-on-exec already. Linux older than 5.11 cannot do it; then
    /// nothing changes.
    public static func keepDescriptorsFromChildren() {
        _ = linux_set_all_close_on_exec(3)
    }

    /// Says whether descriptors outlive exec, by their numbers.
    ///
    /// - Throws: ``SystemError`` for the first that is not open; those before it have been changed.
    public static func keepThroughExec(_ descriptors: [Int32], _ isKept: Bool) throws(SystemError) {
        for number in descriptors where linux_set_close_on_exec(number, isKept ? 0 : 1) != 0 {
            throw SystemError.last("set FD_CLOEXEC of descriptor \(number)")
        }
    }

    /// Lets threads share a few malloc arenas; by default each thread's own costs memory at rest.
    public static func limitMallocArenas(_ count: Int32) {
        linux_limit_malloc_arenas(count)
    }

    /// Ends the process at once, without running anything that is registered for its end.
    public static func exitImmediately(_ status: Int32) -> Never {
        _exit(status)
    }
}
