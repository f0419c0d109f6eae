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
    /// Name and version of the engine that answers, such as `PostgreSQL 15.14`.
    ///
    /// - Throws: ``DatabaseError``, where a server does not answer.
    public func engineVersion() throws -> String {
        guard case .postgreSQL(let engine) = engine else { return DatabaseEngine.version }
        let version = try engine.setting("server_version")
        // Debian's packages tell theirs behind it.
        return "PostgreSQL \(version.split(separator: " ").first.map(String.init) ?? version)"
    }

    /// How many connections the server takes from all its clients; nil where there is no server.
    ///
    /// - Throws: ``DatabaseError``, where it does not answer.
    public func connectionLimit() throws -> Int? {
        guard case .postgreSQL(let engine) = engine else { return nil }
        return Int(try engine.setting("max_connections"))
    }

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
