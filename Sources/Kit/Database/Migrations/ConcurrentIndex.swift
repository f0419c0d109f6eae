/// An index that a migration builds on a table that is in use.
///
/// On PostgreSQL it is built outside of a transaction while others go on writing (`CREATE INDEX CONCURRENTLY`), which takes
/// about twice as long and leaves an invalid index where it fails
/// (https://www.postgresql.org/docs/15/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY). On SQLite, which has one writer
/// at a time, it is a plain one.
public struct ConcurrentIndex: Hashable, Sendable {
    /// What the index is called.
    public let name: String
    /// The table.
    public let table: String
    /// What stands between the parentheses, such as "email, id".
    public let columns: String
    /// The same on PostgreSQL, where the primary key does not end every index by itself.
    public let columnsOnPostgreSQL: String
    /// Whether no two rows may have the same.
    public let isUnique: Bool
    /// Which rows are in it; all of them if nil.
    public let condition: String?

    /// Describes an index.
    public init(
        _ name: String,
        on table: String,
        _ columns: String,
        onPostgreSQL columnsOnPostgreSQL: String? = nil,
        isUnique: Bool = false,
        where condition: String? = nil
    ) {
        self.name = name
        self.table = table
        self.columns = columns
        self.columnsOnPostgreSQL = columnsOnPostgreSQL ?? columns
        self.isUnique = isUnique
        self.condition = condition
    }

    func creation(_ dialect: SQLDialect) -> String {
        let isPlain = dialect == .sqlite
        return "CREATE \(isUnique ? "UNIQUE " : "")INDEX \(isPlain ? "" : "CONCURRENTLY ")\(name) ON \(table) "
            + "(\(isPlain ? columns : columnsOnPostgreSQL))" + (condition.map { " WHERE \($0)" } ?? "")
    }

    func removal(_ dialect: SQLDialect) -> String {
        dialect == .sqlite ? "DROP INDEX \(name)" : "DROP INDEX CONCURRENTLY \(name)"
    }
}
