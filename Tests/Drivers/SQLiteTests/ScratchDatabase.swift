import Glibc
import Linux
import SQLite

/// The path of a database file that does not exist yet, and whose files are removed in the end.
final class ScratchDatabase {
    let path: String

    init() {
        let directory = ThisProcess.environmentVariables()["TMPDIR"] ?? "/tmp"
        path = "\(directory)/sqlite-test-\(UInt64.random(in: 0...UInt64.max)).db"
    }

    deinit {
        remove()
    }

    /// Takes the files from the directory; connections that are open keep them.
    func remove() {
        for suffix in ["", "-wal", "-shm"] { try? Files.remove(path + suffix) }
    }

    func open(_ options: ConnectionOptions = ConnectionOptions()) throws(SQLiteError) -> Connection {
        try Connection(path: path, options: options)
    }

    /// The permission bits of a file, nil if there is none.
    func permissions(_ suffix: String) -> mode_t? {
        var status = stat()
        // Sound: both arguments live until the call returns.
        return unsafe stat(path + suffix, &status) == 0 ? status.st_mode & 0o777 : nil
    }
}

extension Connection {
    /// The first column of the first row as text.
    func value(_ sql: String) throws -> String {
        let statement = try prepare("SELECT CAST((\(sql)) AS TEXT)", id: "test")
        _ = try statement.step()
        return try statement.string(at: 0)
    }

    /// What a PRAGMA answers, as text.
    func pragma(_ name: String) throws -> String {
        let statement = try prepare("PRAGMA " + name, id: "test")
        _ = try statement.step()
        if let integer = try? statement.int64(at: 0) { return String(integer) }
        return try statement.string(at: 0)
    }
}
