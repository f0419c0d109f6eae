internal import Database

/// The statements about sessions.
enum SessionStatements {
    static let all = [
        insert, find, list, listOfMany, findMany, touch, delete, deleteOfUser, deleteAll, deleteOthers, prune, expired,
    ]

    static let insert = StatementDefinition(
        "sessions.insert",
        writes: ["sessions"],
        rows: ["sessions": 1],
        sql: """
            INSERT INTO sessions (id, user_id, token_digest, created_at, last_seen_at, expires_at, ends_at,
                                  address, user_agent)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """
    )

    /// Session and user in one: every request makes this query.
    static let find = StatementDefinition(
        "sessions.find",
        reads: ["sessions", "users"],
        plan: [
            .search("s", using: "sessions_token_digest", on: "token_digest=?"),
            .search("u", using: .primaryKey),
        ],
        sql: """
            SELECT u.id, u.email, u.name, u.role, u.status, u.created_at, u.updated_at, u.version,
                   s.id, s.created_at, s.last_seen_at, s.expires_at, s.ends_at, s.address, s.user_agent
            FROM sessions AS s JOIN users AS u ON u.id = s.user_id
            WHERE s.token_digest = ?1
            """
    )

    /// The ids begin with the millisecond of their creation, and the index ends with them: nothing is sorted.
    static let list = StatementDefinition(
        "sessions.list",
        reads: ["sessions"],
        plan: [.search("sessions", using: "sessions_user_id", on: "user_id=?")],
        sql: """
            SELECT id, created_at, last_seen_at, expires_at, ends_at, address, user_agent
            FROM sessions
            WHERE user_id = ?1 AND expires_at > ?2
            ORDER BY id DESC
            """
    )

    static let listOfMany = StatementDefinition(
        "sessions.list_of_many",
        reads: ["sessions"],
        plan: [
            .scan("ids", because: IDList.reason),
            .search("s", using: "sessions_user_id", on: "user_id=?"),
        ],
        sql: IDList.select(columns, from: "sessions AS s", where: "s.user_id = ids.id AND s.expires_at > ?2"),
        postgreSQL: IDList.select(
            columns,
            from: "sessions AS s",
            where: "s.user_id = ids.id AND s.expires_at > ?2",
            .postgreSQL
        )
    )

    static let findMany = StatementDefinition(
        "sessions.find_many",
        reads: ["sessions"],
        plan: [.scan("ids", because: IDList.reason), .search("s", using: .primaryKey)],
        sql: IDList.select(columns, from: "sessions AS s", where: "s.id = ids.id"),
        postgreSQL: IDList.select(columns, from: "sessions AS s", where: "s.id = ids.id", .postgreSQL)
    )

    private static let columns = """
        s.id, s.created_at, s.last_seen_at, s.expires_at, s.ends_at, s.address, s.user_agent, s.user_id
        """

    static let touch = StatementDefinition(
        "sessions.touch",
        writes: ["sessions"],
        rows: ["sessions": 1],
        plan: [.search("sessions", using: .primaryKey)],
        sql: "UPDATE sessions SET last_seen_at = ?2, expires_at = ?3 WHERE id = ?1 AND last_seen_at < ?2"
    )

    static let delete = StatementDefinition(
        "sessions.delete",
        writes: ["sessions"],
        rows: ["sessions": 1],
        plan: [.search("sessions", using: .primaryKey)],
        sql: "DELETE FROM sessions WHERE id = ?1"
    )

    static let deleteOfUser = StatementDefinition(
        "sessions.delete_of_user",
        writes: ["sessions"],
        rows: ["sessions": 1],
        plan: [.search("sessions", using: .primaryKey)],
        sql: "DELETE FROM sessions WHERE id = ?1 AND user_id = ?2"
    )

    static let deleteAll = StatementDefinition(
        "sessions.delete_all",
        writes: ["sessions"],
        rows: ["users": 1],
        plan: [.search("sessions", using: "sessions_user_id", on: "user_id=?")],
        sql: "DELETE FROM sessions WHERE user_id = ?1"
    )

    static let deleteOthers = StatementDefinition(
        "sessions.delete_others",
        writes: ["sessions"],
        rows: ["users": 1],
        plan: [.search("sessions", using: "sessions_user_id", on: "user_id=?")],
        sql: "DELETE FROM sessions WHERE user_id = ?1 AND id <> ?2"
    )

    static let prune = StatementDefinition(
        "sessions.prune",
        writes: ["sessions"],
        rows: ["users": 1],
        plan: [
            .search("sessions", using: "sessions_user_id", on: "user_id=?"),
            .temporaryTree(because: "of a user's sessions, few, those used last are kept"),
        ],
        sql: """
            DELETE FROM sessions
            WHERE user_id = ?1 AND id NOT IN (
                SELECT id FROM sessions WHERE user_id = ?1 ORDER BY last_seen_at DESC, id DESC LIMIT ?2
            )
            """
    )

    /// The first that expired before an instant: found first and deleted one by one, so that caches learn which.
    static let expired = StatementDefinition(
        "sessions.expired",
        reads: ["sessions"],
        plan: [.search("sessions", using: "sessions_expires_at", on: "expires_at<?")],
        sql: "SELECT id FROM sessions WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2"
    )
}
