/// Whose SQL a text is in.
public enum SQLDialect: Hashable, CaseIterable, Sendable {
    /// That of the database in the program's own files.
    case sqlite
    /// That of a server.
    case postgreSQL
}

extension DatabaseReader {
    /// Which engine answers.
    public final var dialect: SQLDialect {
        switch engine {
        case .sqlite: .sqlite
        case .postgreSQL: .postgreSQL
        }
    }
}
