import Database
import Linux
import SQLite

/// The path of a database file that does not exist yet, and whose files are removed in the end.
final class ScratchDatabase: Sendable {
    let path: String

    init() {
        let directory = ThisProcess.environmentVariables()["TMPDIR"] ?? "/tmp"
        path = "\(directory)/database-test-\(UInt64.random(in: 0...UInt64.max)).db"
    }

    /// A database with tables.
    convenience init(_ schema: String) throws {
        self.init()
        try run(schema)
    }

    deinit {
        for suffix in ["", "-wal", "-shm"] { try? Files.remove(path + suffix) }
    }

    /// Runs SQL on a connection of its own.
    func run(_ sql: String) throws {
        let connection = try Connection(path: path)
        try connection.execute(sql, id: "test")
    }

    /// The first column of the first row, as text, on a connection of its own.
    func value(_ sql: String) throws -> String { try Self.value(sql, in: path) }

    static func value(_ sql: String, in path: String) throws -> String {
        let connection = try Connection(path: path)
        let statement = try connection.prepare("SELECT CAST((\(sql)) AS TEXT)", id: "test")
        _ = try statement.step()
        return try statement.string(at: 0)
    }

    func session(
        _ definitions: [StatementDefinition],
        busyTimeout: Duration = .seconds(30)
    ) throws -> DatabaseSession {
        try DatabaseSession(
            DatabaseOptions(path: path, busyTimeout: busyTimeout),
            registry: try StatementRegistry(definitions)
        )
    }
}

/// A table of notes, and statements on it.
enum Notes {
    static let schema = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL, flag INTEGER) STRICT"

    static let insert = StatementDefinition(
        "notes.insert",
        writes: ["notes"],
        sql: "INSERT INTO notes (text, flag) VALUES (?1, ?2)"
    )
    static let insertReturning = StatementDefinition(
        "notes.insert_returning",
        writes: ["notes"],
        sql: "INSERT INTO notes (text) VALUES (?1) RETURNING id"
    )
    static let byID = StatementDefinition(
        "notes.by_id",
        reads: ["notes"],
        plan: [.search("notes", using: .primaryKey)],
        sql: "SELECT text, flag FROM notes WHERE id = ?1"
    )
    static let all = StatementDefinition(
        "notes.all",
        reads: ["notes"],
        plan: [.scan("notes", because: "all of them are wanted")],
        sql: "SELECT id, text FROM notes ORDER BY id"
    )
    static let count = StatementDefinition(
        "notes.count",
        reads: ["notes"],
        plan: [.scan("notes", because: "SQLite keeps no count")],
        sql: "SELECT count(*) FROM notes"
    )
    static let setText = StatementDefinition(
        "notes.set_text",
        writes: ["notes"],
        plan: [.search("notes", using: .primaryKey)],
        sql: "UPDATE notes SET text = ?2 WHERE id = ?1"
    )
    static let statements = [insert, insertReturning, byID, all, count, setText]
}

extension DatabaseReader {
    func noteCount() throws -> Int {
        try row(Notes.count) { row in try row.int(0) } ?? 0
    }
}
