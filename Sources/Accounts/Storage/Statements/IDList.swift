internal import Database
internal import Domain

/// Ids as one parameter, so that a statement reads for any number of them and is prepared once.
///
/// A row of bytes, 16 for each id: SQLite has no arrays, and JSON, for which it has a table function, no bytes. Ids that
/// stand there twice count once.
struct IDList {
    /// The bytes.
    let bytes: [UInt8]

    /// Takes ids; nil where there are none, for which nobody needs a statement.
    init?<Entity>(_ ids: [Identifier<Entity>]) {
        guard !ids.isEmpty else { return nil }
        bytes = Set(ids).flatMap { id -> [UInt8] in
            guard case .bytes(let bytes) = id.databaseValue else { return [] }
            return bytes
        }
    }

    /// A query that joins a table to the ids of the first parameter, which are there as `ids (place, id)`.
    ///
    /// Joined by CROSS JOIN, by which SQLite keeps the order of the tables: first the ids, then an index for each. PostgreSQL
    /// takes them for few, whatever their number, and comes to the same.
    static func select(
        _ columns: String,
        from table: String,
        where condition: String,
        _ dialect: SQLDialect = .sqlite
    ) -> String {
        // Without its type PostgreSQL would take the parameter for text.
        let list = dialect == .postgreSQL ? "?1::bytea" : "?1"
        return """
            WITH RECURSIVE ids (place, id) AS (
                VALUES (1, substr(\(list), 1, 16))
                UNION ALL SELECT place + 16, substr(\(list), place + 16, 16) FROM ids WHERE place + 16 <= length(\(list))
            )
            SELECT \(columns)
            FROM ids CROSS JOIN \(table)
            WHERE \(condition)
            """
    }

    /// Why no index serves the ids themselves.
    static let reason = "there are as many as were asked for"
}
