internal import Database
internal import Domain

/// The statements about users.
///
/// Columns are written out: a column that a later migration adds changes nothing here.
enum UserStatements {
    /// The columns that ``Database/Row/user(from:)`` reads, in its order.
    static let columns = "id, email, name, role, status, created_at, updated_at, version"

    static let all =
        [
            insert, find, credentialsByID, credentialsByEmail, count, countActiveAdministrators,
            update, version, setPasswordHash, delete,
        ] + pages.map(\.statement)

    static let insert = StatementDefinition(
        "users.insert",
        writes: ["users"],
        sql: """
            INSERT INTO users (id, email, email_folded, name, name_folded, role, status, password_hash,
                               version, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """
    )

    static let find = StatementDefinition(
        "users.find",
        reads: ["users"],
        plan: [.search("users", using: .primaryKey)],
        sql: "SELECT \(columns) FROM users WHERE id = ?1"
    )

    static let credentialsByID = StatementDefinition(
        "users.credentials_by_id",
        reads: ["users"],
        plan: [.search("users", using: .primaryKey)],
        sql: "SELECT \(columns), password_hash FROM users WHERE id = ?1"
    )

    static let credentialsByEmail = StatementDefinition(
        "users.credentials_by_email",
        reads: ["users"],
        plan: [.search("users", using: "users_email_folded", on: "email_folded=?")],
        sql: "SELECT \(columns), password_hash FROM users WHERE email_folded = ?1"
    )

    static let count = StatementDefinition(
        "users.count",
        reads: ["users"],
        // SQLite counts along the smallest index, and takes no other for it.
        plan: [.scan("users", along: "users_updated_at", because: "every row counts")],
        sql: "SELECT count(*) FROM users"
    )

    static let countActiveAdministrators = StatementDefinition(
        "users.count_active_administrators",
        reads: ["users"],
        plan: [.search("users", using: "users_role_status", on: "role=? AND status=?")],
        sql: "SELECT count(*) FROM users WHERE role = 'admin' AND status = 'active'"
    )

    static let update = StatementDefinition(
        "users.update",
        writes: ["users"],
        plan: [.search("users", using: .primaryKey)],
        sql: """
            UPDATE users
            SET email = ?3, email_folded = ?4, name = ?5, name_folded = ?6, role = ?7, status = ?8, updated_at = ?9,
                version = version + 1
            WHERE id = ?1 AND version = ?2
            RETURNING \(columns)
            """
    )

    static let version = StatementDefinition(
        "users.version",
        reads: ["users"],
        plan: [.search("users", using: .primaryKey)],
        sql: "SELECT version FROM users WHERE id = ?1"
    )

    static let setPasswordHash = StatementDefinition(
        "users.set_password_hash",
        writes: ["users"],
        plan: [.search("users", using: .primaryKey)],
        sql: "UPDATE users SET password_hash = ?2 WHERE id = ?1"
    )

    static let delete = StatementDefinition(
        "users.delete",
        writes: ["users", "sessions"],
        plan: [
            .search("users", using: .primaryKey),
            // The sessions that end with their user.
            .search("sessions", using: "sessions_user_id", on: "user_id=?"),
        ],
        sql: "DELETE FROM users WHERE id = ?1"
    )

    /// The statement that reads a page in some order.
    static func page(_ sort: UserSort) throws -> StatementDefinition {
        guard let page = pages.first(where: { $0.sort == sort }) else {
            throw StorageFault("no statement reads users in this order")
        }
        return page.statement
    }

    /// One statement for each order.
    ///
    /// The id breaks ties, so that pages neither repeat nor lose a row.
    private static let pages: [(sort: UserSort, statement: StatementDefinition)] = [
        page(.createdAt, "created_at", "users_created_at"),
        page(.updatedAt, "updated_at", "users_updated_at"),
        page(.email, "email_folded", "users_email_folded"),
        page(.name, "name_folded", "users_name_folded"),
    ].flatMap(\.self)

    private static func page(
        _ key: UserSort.Key,
        _ column: String,
        _ index: PlanIndex
    ) -> [(sort: UserSort, statement: StatementDefinition)] {
        [(false, "ASC"), (true, "DESC")].map { descending, direction in
            let statement = StatementDefinition(
                "users.page_by_\(column)_\(direction.lowercased())",
                reads: ["users"],
                plan: [.scan("users", along: index, because: "a page is read along its order, up to its end")],
                sql: """
                    SELECT \(columns) FROM users ORDER BY \(column) \(direction), id \(direction) LIMIT ?1 OFFSET ?2
                    """
            )
            return (UserSort(by: key, descending: descending), statement)
        }
    }
}
