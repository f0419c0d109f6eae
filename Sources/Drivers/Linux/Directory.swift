internal import CLinux
internal import Glibc

extension Files {
    /// The names of what a directory holds, without `.` and `..`, in no order.
    public static func names(inDirectory path: String) throws(SystemError) -> [String] {
        // The path is a NUL-terminated copy for the length of the call; the stream is closed below, and only here used.
        guard let stream = unsafe opendir(path) else { throw SystemError.last("read the directory \(path)") }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        // An entry lives until the next one is read; its name is copied before that.
        while let entry = unsafe readdir(stream) {
            let name = unsafe String(cString: linux_entry_name(entry))
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Gives a file that is written to its end the name by which others know it, so that it survives power loss.
    ///
    /// File and directory are synced. Others see nothing at the path, or what was there before, or all of the file.
    ///
    /// - Throws: `isPresent` where something has that name and `replacing` is false; the file stays where it was.
    public static func publish(_ file: String, as path: String, replacing: Bool) throws(SystemError) {
        try synchronize(file)
        let result =
            replacing ? unsafe Glibc.rename(file, path) : unsafe linux_rename_to_free_name(file, path)
        guard result == 0 else { throw SystemError.last("write \(path)") }
        try synchronize(directory(of: path))
    }

    /// Waits until a file, or the names of a directory, are on the disk.
    public static func synchronize(_ path: String) throws(SystemError) {
        let file = try open(path, .read)
        guard fsync(file.number) == 0 else { throw SystemError.last("fsync \(path)") }
    }

    /// The directory in which a path's last part lies.
    public static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
