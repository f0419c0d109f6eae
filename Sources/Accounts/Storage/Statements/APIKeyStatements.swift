internal import Database

/// The statements about API keys.
enum APIKeyStatements {
    static let all = [insert, find, list, listOfMany, findMany, count, touch, deleteOfUser, deleteAll, expired, delete]

    static let insert = StatementDefinition(
        "api_keys.insert",
        writes: ["api_keys"],
        rows: ["api_keys": 1],
        sql: """
            INSERT INTO api_keys (id, user_id, token_digest, name, access, created_at, last_used_at, expires_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """
    )

    /// Key and user in one: every request with a key makes this query.
    static let find = StatementDefinition(
        "api_keys.find",
        reads: ["api_keys", "users"],
        plan: [
            .search("k", using: "api_keys_token_digest", on: "token_digest=?"),
            .search("u", using: .primaryKey),
        ],
        sql: """
            SELECT u.id, u.email, u.name, u.role, u.status, u.created_at, u.updated_at, u.version,
                   k.id, k.name, k.access, k.created_at, k.last_used_at, k.expires_at
            FROM api_keys AS k JOIN users AS u ON u.id = k.user_id
            WHERE k.token_digest = ?1
            """
    )

    /// The ids begin with the millisecond of their creation, and the index ends with them: nothing is sorted.
    static let list = StatementDefinition(
        "api_keys.list",
        reads: ["api_keys"],
        plan: [.search("api_keys", using: "api_keys_user_id", on: "user_id=?")],
        sql: """
            SELECT id, name, access, created_at, last_used_at, expires_at
            FROM api_keys
            WHERE user_id = ?1
            ORDER BY id DESC
            """
    )

    static let listOfMany = StatementDefinition(
        "api_keys.list_of_many",
        reads: ["api_keys"],
        plan: [
            .scan("ids", because: IDList.reason),
            .search("k", using: "api_keys_user_id", on: "user_id=?"),
        ],
        sql: IDList.select(columns, from: "api_keys AS k", where: "k.user_id = ids.id"),
        postgreSQL: IDList.select(columns, from: "api_keys AS k", where: "k.user_id = ids.id", .postgreSQL)
    )

    static let findMany = StatementDefinition(
        "api_keys.find_many",
        reads: ["api_keys"],
        plan: [.scan("ids", because: IDList.reason), .search("k", using: .primaryKey)],
        sql: IDList.select(columns, from: "api_keys AS k", where: "k.id = ids.id"),
        postgreSQL: IDList.select(columns, from: "api_keys AS k", where: "k.id = ids.id", .postgreSQL)
    )

    private static let columns = "k.id, k.name, k.access, k.created_at, k.last_used_at, k.expires_at, k.user_id"

    static let count = StatementDefinition(
        "api_keys.count",
        reads: ["api_keys"],
        plan: [.search("api_keys", using: "api_keys_user_id", on: "user_id=?")],
        sql: "SELECT count(*) FROM api_keys WHERE user_id = ?1"
    )

    static let touch = StatementDefinition(
        "api_keys.touch",
        writes: ["api_keys"],
        rows: ["api_keys": 1],
        plan: [.search("api_keys", using: .primaryKey)],
        sql: "UPDATE api_keys SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)"
    )

    static let deleteOfUser = StatementDefinition(
        "api_keys.delete_of_user",
        writes: ["api_keys"],
        rows: ["api_keys": 1],
        plan: [.search("api_keys", using: .primaryKey)],
        sql: "DELETE FROM api_keys WHERE id = ?1 AND user_id = ?2"
    )

    static let deleteAll = StatementDefinition(
        "api_keys.delete_all",
        writes: ["api_keys"],
        rows: ["users": 1],
        plan: [.search("api_keys", using: "api_keys_user_id", on: "user_id=?")],
        sql: "DELETE FROM api_keys WHERE user_id = ?1"
    )

    /// The first that expired before an instant: found first and deleted one by one, so that caches learn which.
    static let expired = StatementDefinition(
        "api_keys.expired",
        reads: ["api_keys"],
        plan: [.search("api_keys", using: "api_keys_expires_at", on: "expires_at<?")],
        sql: "SELECT id FROM api_keys WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2"
    )

    static let delete = StatementDefinition(
        "api_keys.delete",
        writes: ["api_keys"],
        rows: ["api_keys": 1],
        plan: [.search("api_keys", using: .primaryKey)],
        sql: "DELETE FROM api_keys WHERE id = ?1"
    )
}
