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
            insert, find, findMany, credentialsByID, credentialsByEmail, count, countOtherAdministrators,
            update, version, setPasswordHash, delete, insertIfFree, countGroups, countCreated,
        ] + UserListStatements.all

    static let insert = StatementDefinition("users.insert", writes: ["users"], rows: ["users": 1], sql: insertion)

    /// Stores nothing where the address is taken, and the transaction goes on.
    static let insertIfFree = StatementDefinition(
        "users.insert_if_free",
        writes: ["users"],
        rows: ["users": 1],
        sql: "\(insertion) ON CONFLICT (email_folded) DO NOTHING"
    )

    private static let insertion = """
        INSERT INTO users (id, email, email_folded, name, name_folded, role, status, password_hash,
                           version, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """

    static let find = StatementDefinition(
        "users.find",
        reads: ["users"],
        plan: [.search("users", using: .primaryKey)],
        sql: "SELECT \(columns) FROM users WHERE id = ?1"
    )

    static let findMany = StatementDefinition(
        "users.find_many",
        reads: ["users"],
        plan: [.scan("ids", because: IDList.reason), .search("u", using: .primaryKey)],
        sql: IDList.select(ownColumns, from: "users AS u", where: "u.id = ids.id"),
        postgreSQL: IDList.select(ownColumns, from: "users AS u", where: "u.id = ids.id", .postgreSQL)
    )

    private static let ownColumns = "u.id, u.email, u.name, u.role, u.status, u.created_at, u.updated_at, u.version"

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
        isCacheable: true,
        // SQLite counts along the smallest index, and takes no other for it.
        plan: [.scan("users", along: "users_updated_at", because: "every row counts")],
        sql: "SELECT count(*) FROM users"
    )

    static let countOtherAdministrators = StatementDefinition(
        "users.count_other_administrators",
        reads: ["users"],
        plan: [.search("users", using: "users_role_status_created_at", on: "role=? AND status=?")],
        sql: """
            SELECT count(*) FROM users
            WHERE role = 'admin' AND status = 'active' AND password_hash IS NOT NULL AND id <> ?1
            """
    )

    static let countGroups = StatementDefinition(
        "users.count_groups",
        reads: ["users"],
        isCacheable: true,
        plan: [.scan("users", along: "users_role_status_created_at", because: "every row counts")],
        sql: "SELECT role, status, count(*) FROM users GROUP BY role, status"
    )

    /// Each day by a stretch of the index, so that a day without accounts is there too.
    static let countCreated = StatementDefinition(
        "users.count_created",
        reads: ["users"],
        isCacheable: true,
        plan: [
            .scan("days", because: "there are some thirty"),
            .search("users", using: "users_created_at", on: "created_at>? AND created_at<?"),
        ],
        sql: """
            WITH RECURSIVE days (start) AS (
                VALUES (?1) UNION ALL SELECT start + 86400000000 FROM days WHERE start + 86400000000 < ?2
            )
            SELECT start, (SELECT count(*) FROM users WHERE created_at >= start AND created_at < start + 86400000000)
            FROM days
            """,
        postgreSQL: """
            SELECT start, (SELECT count(*) FROM users WHERE created_at >= start AND created_at < start + 86400000000)
            FROM generate_series(?1::bigint, ?2::bigint - 1, 86400000000) AS days (start)
            """
    )

    static let update = StatementDefinition(
        "users.update",
        writes: ["users"],
        rows: ["users": 1],
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
        rows: ["users": 1],
        plan: [.search("users", using: .primaryKey)],
        sql: "UPDATE users SET password_hash = ?2 WHERE id = ?1"
    )

    static let delete = StatementDefinition(
        "users.delete",
        writes: ["users", "sessions", "api_keys", "confirmations", "verified_addresses"],
        rows: ["users": 1],
        plan: [
            .search("users", using: .primaryKey),
            // What ends with its user.
            .search("sessions", using: "sessions_user_id", on: "user_id=?"),
            .search("api_keys", using: "api_keys_user_id", on: "user_id=?"),
            .search("confirmations", using: "confirmations_user_id", on: "user_id=?"),
            .search("verified_addresses", using: .primaryKey, on: "user_id=?"),
        ],
        sql: "DELETE FROM users WHERE id = ?1"
    )
}
