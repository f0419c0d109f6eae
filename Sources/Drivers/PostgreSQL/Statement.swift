/// One SQL statement with parameters `$1`, `$2` ..., and the name by which a connection prepares it.
public struct Statement: Sendable {
    /// What errors call the statement, and the server its prepared form.
    ///
    /// Unique among those of a connection, and without a quotation mark.
    public let id: String

    /// One statement.
    public let sql: String

    /// Names a statement.
    public init(_ id: String, sql: String) {
        self.id = id
        self.sql = sql
    }
}
