internal import SQLite

/// The engine behind this module, as the process has loaded it.
public enum DatabaseEngine {
    /// Its name and version, such as `SQLite 3.40.1`.
    public static var version: String { "SQLite \(Library.version)" }

    /// Whether a checkpoint beside a writer can lose commits in this version; see ``Checkpointer``, which avoids it.
    public static var losesCommitsBesideCheckpoints: Bool { losesCommits(version: Library.version) }

    static func losesCommits(version: String) -> Bool {
        let numbers = version.split(separator: ".").map { Int($0) ?? 0 }
        return numbers.lexicographicallyPrecedes([3, 51, 3])
    }
}

extension DatabaseSession {
    /// Reads the whole database file and looks for damage.
    ///
    /// Others read and write meanwhile.
    ///
    /// - Parameter thorough: Also compares each index with its table, which takes longer.
    /// - Returns: What is wrong with it, ten faults at most; none where it is whole.
    /// - Throws: ``DatabaseError``.
    public func integrityFaults(thorough: Bool) throws -> [String] {
        try withConnection { connection in try connection.integrityFaults(thorough: thorough) }
    }
}

extension Connection {
    /// What is wrong with the file, ten faults at most; none where it is whole.
    borrowing func integrityFaults(thorough: Bool) throws(SQLiteError) -> [String] {
        let name = thorough ? "integrity_check" : "quick_check"
        let check = try prepare("PRAGMA \(name)(10)", id: name)
        var faults: [String] = []
        while try check.step() { faults.append(try check.string(at: 0)) }
        return faults == ["ok"] ? [] : faults
    }
}
