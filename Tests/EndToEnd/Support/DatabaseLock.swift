import Linux

/// A lock of an instance's database, held by a process that is none of the instance's.
final class DatabaseLock {
    private let pid: Int32
    private let input: FileDescriptor
    private let farewell: String

    /// Takes the write lock.
    convenience init(_ instance: Instance) throws {
        let mark = Self.mark(in: instance)
        try self.init(
            instance,
            tool: "sqlite3",
            ["-batch", "-bail", "\(instance.directory)/gatehouse.db"],
            input: ".timeout 5000\nBEGIN IMMEDIATE;\n.shell touch \(mark)\n",
            farewell: "COMMIT;\n.exit\n"
        )
    }

    /// Takes all locks by which SQLite's readers say that they read.
    static func ofReaders(_ instance: Instance) throws -> DatabaseLock {
        // WAL_READ_LOCK(0) to (4): the bytes from 123 on (sqlite.org/walformat.html, section 2.3.1).
        let script = """
            import fcntl, sys
            file = open("\(instance.directory)/gatehouse.db-shm", "r+b")
            fcntl.lockf(file, fcntl.LOCK_EX, 5, 123)
            open("\(mark(in: instance))", "w").close()
            sys.stdin.read()
            """
        return try DatabaseLock(instance, tool: "python3", ["-I", "-c", script], input: "", farewell: "")
    }

    /// Starts the process, which makes the mark as soon as it has the lock, and keeps it until its input ends.
    private init(_ instance: Instance, tool: String, _ arguments: [String], input text: String, farewell: String) throws
    {
        self.farewell = farewell
        let ends = try Sockets.pair(kind: .stream)
        input = ends.first
        let theirs = ends.second
        let program = try Program.tool(tool)
        pid = try ChildProcess.spawn(
            path: program,
            arguments: [program] + arguments,
            environment: Program.environment([]),
            descriptors: [theirs.number, nil, nil]
        )
        _ = consume theirs
        try input.writeAll(Array(text.utf8))
        let mark = Self.mark(in: instance)
        try eventually("\(tool) holds the lock") { Files.exists(mark) }
        try Files.remove(mark)
    }

    private static func mark(in instance: Instance) -> String { "\(instance.directory)/locked" }

    func release() throws {
        try input.writeAll(Array(farewell.utf8))
        Sockets.endSending(input)
        _ = try ChildProcess.wait(for: pid)
    }
}
