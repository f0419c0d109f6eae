/// Where the database of a program is: in a file of its own, or on a server.
public enum DatabaseLocation: Sendable {
    /// In a file, for SQLite.
    case file(DatabaseOptions)
    /// On a PostgreSQL server; one object for all sessions of a process.
    case server(PostgreSQLDatabase)

    /// Whose SQL is spoken there.
    public var dialect: SQLDialect {
        switch self {
        case .file: .sqlite
        case .server: .postgreSQL
        }
    }

    /// How the file is used; nil where there is none.
    public var file: DatabaseOptions? {
        if case .file(let options) = self { options } else { nil }
    }
}

extension DatabaseSession {
    /// Opens a session for the current thread, wherever the database is.
    ///
    /// - Throws: ``DatabaseError`` as ``init(_:registry:)`` of a file does; a server is asked when the session is first used.
    public convenience init(_ location: DatabaseLocation, registry: StatementRegistry) throws {
        switch location {
        case .file(let options): try self.init(options, registry: registry)
        case .server(let database): self.init(database, registry: registry)
        }
    }
}
